namespace Scheduler.Storage.GroupCommit;

/// <summary>What a group touches: its rows, and the account and debt links that its rows add.</summary>
internal sealed class GroupKeys
{
    private readonly HashSet<string> rows = new(StringComparer.Ordinal);
    private readonly HashSet<(string Tenant, string Key)> links = [];

    public bool HasRow(string key) => rows.Contains(key);

    /// <summary>Whether somebody in this group adds a link that <paramref name="write"/> wants for itself alone.</summary>
    public bool HasSoleLinkOf(DebtorWrite write)
    {
        if (links.Count == 0 || write.SoleLinks.IsDefaultOrEmpty) return false;
        foreach (var link in write.SoleLinks)
        {
            if (links.Contains((write.Key.Tenant, link.Key))) return true;
        }

        return false;
    }

    public void AddRow(string key) => rows.Add(key);

    public void AddLinks(DebtorWrite write)
    {
        if (write.AddedLinks.IsDefaultOrEmpty) return;
        foreach (var link in write.AddedLinks)
        {
            if (link.Kind is LinkKind.Account or LinkKind.CountingDebt) links.Add((write.Key.Tenant, link.Key));
        }
    }

    public void Clear()
    {
        rows.Clear();
        links.Clear();
    }
}
