using NpgsqlTypes;

namespace Scheduler.Storage.Postgres.Commits;

/// <summary>
/// What must be looked up before a group is written: facts about addresses that rows add, and other debtors at links that rows want for themselves.
/// </summary>
internal sealed class LinkChecks
{
    private readonly PackedColumn factPlaces;
    private readonly PackedColumn factTenants;
    private readonly PackedColumn factDigests;
    private readonly PackedColumn factsSeen;
    private readonly PackedColumn linkPlaces;
    private readonly PackedColumn linkTenants;
    private readonly PackedColumn linkKeys;
    private readonly PackedColumn linkIds;

    public LinkChecks()
    {
        factPlaces = UnseenFacts.Column(NpgsqlDbType.Integer);
        factTenants = UnseenFacts.Column(NpgsqlDbType.Text);
        factDigests = UnseenFacts.Column(NpgsqlDbType.Text);
        factsSeen = UnseenFacts.Column(NpgsqlDbType.Bigint);
        linkPlaces = OthersLinks.Column(NpgsqlDbType.Integer);
        linkTenants = OthersLinks.Column(NpgsqlDbType.Text);
        linkKeys = OthersLinks.Column(NpgsqlDbType.Text);
        linkIds = OthersLinks.Column(NpgsqlDbType.Text);
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
