using Scheduler.Storage.Sqlite.Connections;

namespace Scheduler.Storage.Sqlite.Commits;

/// <summary>
/// Links of addresses on their way to the large table. A digest is a random key, and a random key of a large table is a page of its own: read, written to the
/// WAL and written again by a checkpoint. So links gather in a small table, those of like keys side by side, and go over a bucket at a time in the large table's order.
/// </summary>
/// <remarks>
/// Invariants: a link stands in one table or in both, and whoever reads or removes it looks at both in one transaction. Threading: the writer's thread;
/// <see cref="Bucket"/> any.
/// </remarks>
internal sealed class FreshLinks(int limit)
{
    private const int RunBits = 40;
    private const int CharacterBits = 7;

    /// <summary>A group waits for so many buckets at most; one makes room for what some groups bring.</summary>
    private const int MovesAGroup = 8;

    private long rows;
    private long rowsBefore;
    private long run;
    private long nextBucket;

    /// <summary>Where the links of this key stand: first and last place, both inclusive.</summary>
    public static (long First, long Last) Bucket(string key)
    {
        var number = (Prefix(key, 0) << CharacterBits) | Prefix(key, 1);
        return Places(number);
    }

    /// <summary>What is there, after opening and wherever the last commit's outcome is not known.</summary>
    public void Count(SqliteSession session)
    {
        var statement = session["FreshLinks/Count"];
        statement.Step();
        rows = statement.Int64(0);
        run = statement.Int64(1);
        statement.Reset();
    }

    public void Begin() => rowsBefore = rows;

    public void RollBack() => rows = rowsBefore;

    public void Add(SqliteSession session, DebtorKey debtor, string key)
    {
        session["FreshLinks/Add"].Bind(1, Bucket(key).First + ++run).Bind(2, debtor.Tenant).Bind(3, key).Bind(4, debtor.Text).Run();
        rows++;
    }

    public void Remove(SqliteSession session, DebtorKey debtor, string key)
    {
        var (first, last) = Bucket(key);
        rows -= session["FreshLinks/Remove"].Bind(1, first).Bind(2, last).Bind(3, debtor.Tenant).Bind(4, key).Bind(5, debtor.Text).Run();
    }

    /// <summary>Moves buckets, one after the other in their order, while there are more links than the limit: the one that was moved longest ago is the fullest.</summary>
    public void Settle(SqliteSession session)
    {
        for (var moved = 0; rows > limit && moved < MovesAGroup; moved++)
        {
            var (first, last) = Places(BucketFrom(session, nextBucket) ?? BucketFrom(session, 0) ?? 0);
            session["FreshLinks/Move"].Bind(1, first).Bind(2, last).Run();
            rows -= session["FreshLinks/Drop"].Bind(1, first).Bind(2, last).Run();
            nextBucket = (last >> RunBits) + 1;
        }
    }

    private static long Prefix(string key, int index) => index < key.Length ? Math.Min((int)key[index], (1 << CharacterBits) - 1) : 0;

    private static (long First, long Last) Places(long bucket) => (bucket << RunBits, (bucket << RunBits) | ((1L << RunBits) - 1));

    private static long? BucketFrom(SqliteSession session, long bucket)
    {
        var statement = session["FreshLinks/NextBucket"].Bind(1, bucket << RunBits);
        long? next = statement.Step() ? statement.Int64(0) : null;
        statement.Reset();
        return next;
    }
}
