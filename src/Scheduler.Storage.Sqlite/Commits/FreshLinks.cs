using Scheduler.Storage.Sqlite.Connections;

namespace Scheduler.Storage.Sqlite.Commits;

/// <summary>
/// Links of addresses on their way to the large table. A digest is a random key, and a random key of a large table is a page of its own: read, written to the
/// WAL and written again by a checkpoint. So links gather in a small table, those of like keys side by side, and go over in runs of like keys.
/// </summary>
/// <remarks>
/// Invariants: a link stands once, in one of the two tables, and whoever reads looks at both in one snapshot. Threading: the writer's thread; <see cref="Bucket"/> any.
/// </remarks>
internal sealed class FreshLinks(int limit)
{
    /// <summary>Also in Count.sql and Fullest.sql. With the characters of a bucket it says where stored links stand: neither changes without a migration.</summary>
    private const int RunBits = 40;

    private const int CharacterBits = 7;

    /// <summary>About a bucket of the default limit.</summary>
    private const int RowsAMove = 2_048;

    /// <summary>Five times what 1,000 entries with three addresses bring; where a group brings more, the next ones go on.</summary>
    private const int MovesAGroup = 8;

    private long rows;
    private long rowsBefore;
    private long run;
    private long next;

    /// <summary>Where the links of this key stand: first and last place, both inclusive.</summary>
    public static (long First, long Last) Bucket(string key)
    {
        var bucket = (Prefix(key, 0) << CharacterBits) | Prefix(key, 1);
        return (bucket << RunBits, (bucket << RunBits) | ((1L << RunBits) - 1));
    }

    /// <summary>What is there, after opening and wherever the last commit's outcome is not known. Goes on with the fullest bucket.</summary>
    public void Count(SqliteSession session)
    {
        var count = session["FreshLinks/Count"];
        count.Step();
        rows = count.Int64(0);
        run = count.Int64(1);
        count.Reset();
        next = First(session["FreshLinks/Fullest"]) ?? 0;
    }

    public void Begin() => rowsBefore = rows;

    public void RollBack() => rows = rowsBefore;

    /// <param name="isNew">The debtor was created by this write, so it has no link yet; of another's each is looked for first.</param>
    public void Add(SqliteSession session, DebtorKey debtor, string key, bool isNew)
    {
        if (!isNew && Has(session, debtor, key)) return;
        session["FreshLinks/Add"].Bind(1, Bucket(key).First + ++run).Bind(2, debtor.Tenant).Bind(3, key).Bind(4, debtor.Text).Run();
        rows++;
    }

    /// <summary>Of a link that is not in the large table.</summary>
    public void Remove(SqliteSession session, DebtorKey debtor, string key)
    {
        var (first, last) = Bucket(key);
        rows -= session["FreshLinks/Remove"].Bind(1, first).Bind(2, last).Bind(3, debtor.Tenant).Bind(4, key).Bind(5, debtor.Text).Run();
    }

    /// <summary>
    /// While there are more links than the limit, the next ones in their order go over: they are those that had the longest time to gather. A part of them at a
    /// time, so that an address which very many share holds nobody up.
    /// </summary>
    public void Settle(SqliteSession session)
    {
        for (var moved = 0; rows > limit && moved < MovesAGroup; moved++)
        {
            if (LastOfPart(session) is not { } last)
            {
                next = 0;
                continue;
            }

            session["FreshLinks/Move"].Bind(1, next).Bind(2, last).Run();
            rows -= session["FreshLinks/Drop"].Bind(1, next).Bind(2, last).Run();
            next = last + 1;
        }
    }

    private static bool Has(SqliteSession session, DebtorKey debtor, string key)
    {
        var (first, last) = Bucket(key);
        return First(session["FreshLinks/Has"].Bind(1, debtor.Tenant).Bind(2, key).Bind(3, debtor.Text).Bind(4, first).Bind(5, last)) is not null;
    }

    private static long Prefix(string key, int index) => index < key.Length ? Math.Min((int)key[index], (1 << CharacterBits) - 1) : 0;

    private static long? First(Statement statement)
    {
        var first = statement.Step() ? statement.NullableInt64(0) : null;
        statement.Reset();
        return first;
    }

    private long? LastOfPart(SqliteSession session) => First(session["FreshLinks/LastOfPart"].Bind(1, next).Bind(2, RowsAMove));
}
