using NpgsqlTypes;

namespace Scheduler.Storage.Postgres.Commits;

/// <summary>
/// What must be looked up before a group is written: facts about addresses that rows add, and other debtors at links that rows want for themselves.
/// </summary>
internal sealed class LinkChecks
{
    private readonly List<int> factPlaces;
    private readonly List<string> factTenants;
    private readonly List<string> factDigests;
    private readonly List<long> factsSeen;
    private readonly List<int> linkPlaces;
    private readonly List<string> linkTenants;
    private readonly List<string> linkKeys;
    private readonly List<string> linkIds;

    public LinkChecks()
    {
        factPlaces = UnseenFacts.Column<int>(NpgsqlDbType.Integer);
        factTenants = UnseenFacts.Column<string>(NpgsqlDbType.Text);
        factDigests = UnseenFacts.Column<string>(NpgsqlDbType.Text);
        factsSeen = UnseenFacts.Column<long>(NpgsqlDbType.Bigint);
        linkPlaces = OthersLinks.Column<int>(NpgsqlDbType.Integer);
        linkTenants = OthersLinks.Column<string>(NpgsqlDbType.Text);
        linkKeys = OthersLinks.Column<string>(NpgsqlDbType.Text);
        linkIds = OthersLinks.Column<string>(NpgsqlDbType.Text);
    }

    public SetStatement UnseenFacts { get; } = new("Commits/UnseenFacts");

    public SetStatement OthersLinks { get; } = new("Commits/OthersLinks");

    public void Add(int place, DebtorWrite write)
    {
        if (!write.AddedLinks.IsDefaultOrEmpty) AddDigests(place, write);
        if (write.SoleLinks.IsDefaultOrEmpty) return;
        foreach (var link in write.SoleLinks)
        {
            linkPlaces.Add(place);
            linkTenants.Add(write.Key.Tenant);
            linkKeys.Add(link.Key);
            linkIds.Add(write.Key.Text);
        }
    }

    public void Clear()
    {
        UnseenFacts.Clear();
        OthersLinks.Clear();
    }

    private void AddDigests(int place, DebtorWrite write)
    {
        foreach (var link in write.AddedLinks)
        {
            if (link.Kind != LinkKind.AddressDigest) continue;
            factPlaces.Add(place);
            factTenants.Add(write.Key.Tenant);
            factDigests.Add(link.Key);
            factsSeen.Add(write.AddressFactsSeen);
        }
    }
}
