using System.Runtime.InteropServices;
using System.Text.Json;
using Scheduler.Storage.Sqlite.Connections;

namespace Scheduler.Storage.Sqlite.Commits;

/// <summary>
/// Links of addresses on their way to the large table. A digest is a random key, and a random key of a large table is a page of its own: read, written to the
/// WAL and written again by a checkpoint. So links gather, on the disk in order of arrival and in memory in buckets of like keys, and a bucket goes over at a time.
/// </summary>
/// <remarks>
/// Invariants: a link stands once, in the large table or here; memory holds what is committed, and changes with the commit in the eyes of whoever opens a snapshot
/// by <see cref="Find"/> or <see cref="List"/>. Limit: <c>limit</c> links and those of a group, some 200 bytes of memory each.
/// Threading: the writer's thread, but <see cref="Find"/>, <see cref="List"/>, <see cref="BucketOf"/> and <see cref="Takes"/> any.
/// </remarks>
internal sealed class FreshLinks(int limit)
{
    private const int Buckets = 256;

    /// <summary>Two buckets of the default limit. More than that is an address that very many share: it goes over in parts, so that it holds nobody up.</summary>
    private const int RowsAMove = 2_048;

    /// <summary>Five times what 1,000 entries with three addresses bring; where a group brings more, the next ones go on.</summary>
    private const int MovesAGroup = 8;

    private readonly Lock guard = new();
    private readonly List<FreshLink>[] buckets = [.. Enumerable.Range(0, Buckets).Select(static _ => new List<FreshLink>())];
    private int count;
    private int turn;
    private long lastPlace;
    private bool isKnown;

    // What the group being written changes; none of it counts before its commit.
    private readonly List<FreshLink> added = [];
    private readonly HashSet<FreshLink> removed = [];
    private readonly List<string> erased = [];
    private readonly int[] moved = new int[Buckets];
    private int moves;
    private int movedLinks;
    private int next;
    private long placesGiven;

    /// <summary>Whether a link of this key may gather: plain characters on a line, as digests are. What is wrong with any other the large table says.</summary>
    public static bool Takes(string key) => key.Length > 0 && !key.AsSpan().ContainsAnyExceptInRange(' ', '~');

    /// <summary>By the first two digits of a digest. Stored: it says which links have gone over.</summary>
    public static int BucketOf(string key) => (Nibble(key[0]) << 4) | (key.Length > 1 ? Nibble(key[1]) : 0);

    /// <summary>Debtors with this link, in no order. Opens the session's snapshot, so that what is not here stands in the large table there.</summary>
    public IReadOnlyList<DebtorKey> Find(SqliteSession session, string tenant, string key)
    {
        if (!Takes(key)) return [];
        List<string> ids;
        lock (guard)
        {
            session["Reader/Snapshot"].Run();
            ids = [.. buckets[BucketOf(key)].Where(link => link.Key == key && link.Tenant == tenant).Select(static link => link.Id)];
        }

        return [.. ids.Select(DebtorKey.Parse)];
    }

    /// <summary>All links of a tenant, in no order. Opens the session's snapshot.</summary>
    public IReadOnlyList<LinkRow> List(SqliteSession session, string tenant)
    {
        List<FreshLink> links;
        lock (guard)
        {
            session["Reader/Snapshot"].Run();
            links = [.. buckets.SelectMany(static bucket => bucket).Where(link => link.Tenant == tenant)];
        }

        return [.. links.Select(static link => new LinkRow(link.Key, DebtorKey.Parse(link.Id)))];
    }

    /// <summary>Before a group. What a commit without an answer left behind is read again.</summary>
    public void Begin(SqliteSession session)
    {
        Forget();
        if (!isKnown) Read(session);
    }

    /// <summary>The group is undone, or nobody knows whether it is.</summary>
    public void RollBack(bool isUndone)
    {
        Forget();
        isKnown &= isUndone;
    }

    /// <summary>Commits the group's transaction. Nobody opens a snapshot between the commit and what it changes here.</summary>
    public void Commit(SqliteSession session)
    {
        lock (guard)
        {
            session["Writer/Commit"].Run();
            isKnown = false;
            for (var bucket = 0; moves > 0 && bucket < Buckets; bucket++) buckets[bucket].RemoveRange(0, moved[bucket]);
            foreach (var link in removed) buckets[BucketOf(link.Key)].Remove(link);
            foreach (var link in added) buckets[BucketOf(link.Key)].Add(link);
            count = After();
            lastPlace = placesGiven;
            turn = next;
            isKnown = true;
        }

        Forget();
    }

    /// <param name="keys">Keys that <see cref="Takes"/> takes, each once. Those that the debtor has already are taken out.</param>
    /// <param name="isNew">The debtor was created by this write, so it has no link yet; of another's each is looked for first.</param>
    public void Add(SqliteSession session, DebtorKey debtor, List<string> keys, bool isNew)
    {
        if (!isNew) keys.RemoveAll(key => Has(session, debtor, key));
        if (keys.Count == 0) return;
        placesGiven++;
        session["FreshLinks/Add"].Bind(1, placesGiven).Bind(2, debtor.Text).Bind(3, string.Join('\n', CollectionsMarshal.AsSpan(keys)!)).Run();
        foreach (var key in keys) added.Add(new FreshLink(placesGiven, debtor.Tenant, key, debtor.Text));
    }

    /// <summary>Of a link that is not in the large table.</summary>
    public void Remove(SqliteSession session, DebtorKey debtor, string key)
    {
        if (!Takes(key)) return;
        var justAdded = added.FindLastIndex(link => link.Key == key && link.Id == debtor.Text);
        FreshLink link;
        if (justAdded >= 0)
        {
            link = added[justAdded];
            added.RemoveAt(justAdded);
        }
        else if (Own(debtor, key) is { } own && removed.Add(own)) link = own;
        else return;

        var keys = session["FreshLinks/Keys"].Bind(1, link.Place);
        keys.Step();
        var kept = string.Join('\n', keys.Text(0).Split('\n').Where(line => line != key));
        keys.Reset();
        if (kept.Length == 0) session["FreshLinks/Remove"].Bind(1, link.Place).Run();
        else session["FreshLinks/Change"].Bind(1, link.Place).Bind(2, kept).Run();
    }

    /// <summary>Of a debtor that is erased in this group: what has gone over, and was removed there, is on the disk here until the front has come to it.</summary>
    public void Erase(DebtorKey debtor) => erased.Add(debtor.Text);

    /// <summary>While there are more links than the limit, the next bucket goes over: it had the longest time to gather.</summary>
    public void Settle(SqliteSession session)
    {
        for (var empty = 0; After() > limit && moves < MovesAGroup && empty < Buckets;)
        {
            if (moved[next] < buckets[next].Count)
            {
                Move(session);
                empty = 0;
            }
            else
            {
                next = (next + 1) % Buckets;
                empty++;
            }
        }

        if (erased.Count > 0) session["FreshLinks/Erase"].Bind(1, JsonSerializer.Serialize(erased)).Run();
        if (moves > 0) session["FreshLinks/Drop"].Bind(1, FirstPlace()).Run();
    }

    private static int Nibble(char digit) => (digit > '9' ? digit + 9 : digit) & 0xF;

    /// <summary>The next part of a bucket, in the order of the large table: rows that go to one page go there together.</summary>
    private void Move(SqliteSession session)
    {
        var bucket = buckets[next];
        var from = moved[next];
        var end = Math.Min(from + RowsAMove, bucket.Count);

        // Links of one place go together: a place is what the disk remembers.
        while (end < bucket.Count && bucket[end].Place == bucket[end - 1].Place) end++;
        var part = bucket[from..end];
        if (removed.Count > 0) part.RemoveAll(removed.Contains);
        part.Sort(static (a, b) => LinkOrder.Compare(a, b));
        var statement = session["Debtors/AddLink"].Bind(2, (int)LinkKind.AddressDigest);
        foreach (var link in part) statement.Bind(1, link.Tenant).Bind(3, link.Key).Bind(4, link.Id).Run();
        session["FreshLinks/Moved"].Bind(1, next).Bind(2, bucket[end - 1].Place).Run();
        moved[next] = end;
        movedLinks += part.Count;
        moves++;
        if (end == bucket.Count) next = (next + 1) % Buckets;
    }

    /// <summary>How many there are once the group is committed. What was removed is not counted among what was moved.</summary>
    private int After() => count + added.Count - removed.Count - movedLinks;

    /// <summary>No link that stands here, and is none of this group's, is of a place before it.</summary>
    private long FirstPlace()
    {
        var first = lastPlace + 1;
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            if (moved[bucket] < buckets[bucket].Count) first = Math.Min(first, buckets[bucket][moved[bucket]].Place);
        }

        return first;
    }

    private FreshLink? Own(DebtorKey debtor, string key)
    {
        foreach (var link in buckets[BucketOf(key)])
        {
            if (link.Key == key && link.Id == debtor.Text) return link;
        }

        return null;
    }

    private bool Has(SqliteSession session, DebtorKey debtor, string key)
    {
        if (Own(debtor, key) is { } own && !removed.Contains(own)) return true;
        var statement = session["Debtors/HasLink"].Bind(1, debtor.Tenant).Bind(2, (int)LinkKind.AddressDigest).Bind(3, key).Bind(4, debtor.Text);
        var has = statement.Step();
        statement.Reset();
        return has;
    }

    private void Forget()
    {
        added.Clear();
        removed.Clear();
        erased.Clear();
        if (moves > 0) Array.Clear(moved);
        (moves, movedLinks, next, placesGiven) = (0, 0, turn, lastPlace);
    }

    private void Read(SqliteSession session)
    {
        var settled = new long[Buckets];
        foreach (var (bucket, place) in session["FreshLinks/ReadMoved"].ReadAll(static row => (row.Int32(0), row.Int64(1)))) settled[bucket] = place;
        var places = session["FreshLinks/Read"].ReadAll(static row => (Place: row.Int64(0), Debtor: DebtorKey.Parse(row.Text(1)), Keys: row.Text(2)));
        var links = places.SelectMany(static row => row.Keys.Split('\n').Select(key => new FreshLink(row.Place, row.Debtor.Tenant, key, row.Debtor.Text)))
            .Where(link => link.Place > settled[BucketOf(link.Key)]).ToList();
        lock (guard)
        {
            foreach (var bucket in buckets) bucket.Clear();
            foreach (var link in links) buckets[BucketOf(link.Key)].Add(link);
        }

        count = links.Count;
        lastPlace = Math.Max(places.Count > 0 ? places[^1].Place : 0, settled.Max());
        placesGiven = lastPlace;
        turn = Array.FindIndex(buckets, bucket => bucket.Count > 0 && bucket[0].Place == FirstPlace()) is var oldest and >= 0 ? oldest : 0;
        next = turn;
        isKnown = true;
    }
}
