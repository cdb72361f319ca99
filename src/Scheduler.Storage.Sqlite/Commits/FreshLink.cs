namespace Scheduler.Storage.Sqlite.Commits;

/// <summary>A link of an address that has not gone to the large table yet.</summary>
/// <param name="Place">Of the write that added it; several of its links may share one.</param>
/// <param name="Id">The debtor's key, <c>tenant/debtor</c>.</param>
internal readonly record struct FreshLink(long Place, string Tenant, string Key, string Id);

/// <summary>The order of the large table.</summary>
internal static class LinkOrder
{
    public static IComparer<LinkRow> Comparer { get; } = Comparer<LinkRow>.Create(Compare);

    /// <summary>Of one tenant.</summary>
    public static int Compare(LinkRow a, LinkRow b) => Compare(a.Key, b.Key, a.Debtor.Text, b.Debtor.Text);

    public static int Compare(FreshLink a, FreshLink b) =>
        string.CompareOrdinal(a.Tenant, b.Tenant) is var tenant and not 0 ? tenant : Compare(a.Key, b.Key, a.Id, b.Id);

    private static int Compare(string key, string other, string id, string otherId) =>
        string.CompareOrdinal(key, other) is var order and not 0 ? order : string.CompareOrdinal(id, otherId);
}
