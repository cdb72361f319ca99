using System.Globalization;
using Scheduler.PostgresKit;
using Scheduler.Storage;
using Scheduler.Storage.Postgres;

namespace Scheduler.Benchmarks;

/// <summary>
/// <c>groupcommit --lifecycles</c>: debtors as the service writes them, through the committer on PostgreSQL: created with five links, leased, and done with one
/// link more, in the sizes of docs/performance.md. Tells the processor time of this process and of the server, each for a lifecycle.
/// </summary>
internal static class GroupCommitLifecycles
{
    private const int StateBytes = 1_264;
    private const long Noon = 1_700_000_000_000;
    private static readonly byte[] State = Noise(StateBytes);
    private static readonly DebtorEvent Created = new(Noise(1_367), Noise(32), Noon);
    private static readonly DebtorEvent Leased = new(Noise(549), Noise(32), Noon);
    private static readonly DebtorEvent Done = new(Noise(233), Noise(32), Noon);

    /// <param name="connection">A server on this machine; empty: one is started and thrown away.</param>
    public static async Task<int> RunAsync(int debtors, int callers, int inFlight, string connection)
    {
        await using var server = connection.Length == 0 ? await ThrowawayServer.StartAsync(GroupCommitOnPostgres.ServerSettings) : null;
        var options = new PostgresOptions { ConnectionString = server is null ? connection : await server.CreateDatabaseAsync(), CommitsInFlight = inFlight };
        await using var store = await PostgresStore.OpenAsync(options, new GroupCommitBenchmark.BenchmarkClock());
        Console.WriteLine($"{debtors:N0} lifecycles of three writes, {callers:N0} callers, {inFlight} in flight");

        // The first tenth fills caches, compiles methods and plans statements.
        var warm = debtors / 10;
        await DriveAsync(store, 0, warm, callers);
        var processes = await ServerProcesses.FindAsync(options.ConnectionString);
        var before = processes.ReadTime();
        var measure = GroupCommitMeasure.Start();
        await DriveAsync(store, warm, debtors, callers);
        var client = measure.End(debtors);
        var spent = (processes.ReadTime() - before).TotalMicroseconds / debtors;
        Console.WriteLine($"lifecycles: {client.RowsPerSecond:N0}/s; a lifecycle: client {client.ProcessorMicroseconds:N1} us, {client.AllocatedBytes:N0} bytes; server {spent:N1} us");
        return 0;
    }

    private static Task DriveAsync(ISchedulerStore store, int first, int count, int callers)
    {
        var next = first - 1;
        return Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var debtor && debtor < first + count) await LiveAsync(store, debtor);
        })));
    }

    private static async Task LiveAsync(ISchedulerStore store, int debtor)
    {
        var created = Write(debtor, version: 0, Created, new DebtorTally(1, 2, 2, 0, 0, 0)) with
        {
            DueAt = Noon + debtor,
            SoleLinks = [Account(debtor, 1), Account(debtor, 2)],
            AddedLinks = [Account(debtor, 1), Account(debtor, 2), Address(debtor, 1), Address(debtor, 2), Address(debtor, 3)],
        };
        var first = await WriteAsync(store, created);
        var leased = Write(debtor, version: 1, Leased, new DebtorTally(2, 2, 0, 2, 0, 0)) with
        {
            DueAt = Noon + 600_000 + debtor,
            PrevEventSeq = first.EventSeq,
            TallyBefore = created.Tally,
        };
        var second = await WriteAsync(store, leased);
        await WriteAsync(store, Write(debtor, version: 2, Done, new DebtorTally(3, 2, 0, 0, 0, 2)) with
        {
            DueAt = Noon + 86_400_000 + debtor,
            PrevEventSeq = second.EventSeq,
            TallyBefore = leased.Tally,
            AddedLinks = [new DebtorLink(LinkKind.ProviderContact, string.Create(CultureInfo.InvariantCulture, $"provider-{debtor:D12}.2"))],
        });
    }

    private static DebtorWrite Write(int debtor, long version, DebtorEvent decision, DebtorTally tally) => new()
    {
        Key = new DebtorKey("tenant-1", GroupCommitBenchmark.Debtor(debtor)),
        ExpectedVersion = version,
        WriteId = Id(debtor, (int)version),
        Lane = 1 + (debtor % 3),
        State = State,
        Event = decision,
        Tally = tally,
    };

    private static async Task<WriteAnswer> WriteAsync(ISchedulerStore store, DebtorWrite write)
    {
        var answer = await store.Debtors.WriteAsync(write);
        return answer.IsCommitted ? answer : throw new InvalidOperationException($"{write.Key}: {answer}");
    }

    private static DebtorLink Account(int debtor, int number) => new(LinkKind.Account, string.Create(CultureInfo.InvariantCulture, $"account-{debtor:D10}-{number}"));

    // Digests are random, so that neighbours in time are strangers in the index.
    private static DebtorLink Address(int debtor, int number)
    {
        var seed = unchecked(((ulong)debtor * 4) + (ulong)number);
        return new(LinkKind.AddressDigest, string.Create(CultureInfo.InvariantCulture, $"{Scatter(seed):x16}{Scatter(~seed):x16}"));
    }

    /// <summary>Neighbours end far apart (the finalizer of SplitMix64); a seeded Random costs more than the link.</summary>
    private static ulong Scatter(ulong seed)
    {
        unchecked
        {
            seed += 0x9E3779B97F4A7C15;
            seed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9;
            seed = (seed ^ (seed >> 27)) * 0x94D049BB133111EB;
            return seed ^ (seed >> 31);
        }
    }

    private static Guid Id(int debtor, int version)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, debtor + 1);
        bytes[8] = (byte)version;
        return new Guid(bytes);
    }

    private static byte[] Noise(int bytes)
    {
        var noise = new byte[bytes];
        new Random(bytes).NextBytes(noise);
        return noise;
    }
}
