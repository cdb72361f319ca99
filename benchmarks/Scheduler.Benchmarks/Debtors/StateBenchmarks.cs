using BenchmarkDotNet.Attributes;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Events;
using Scheduler.Storage.Codec;
using Scheduler.Storage.Sealing;

namespace Scheduler.Benchmarks.Debtors;

/// <summary>What a debtor's row and its events take to be written and read, with sealing and without: time, bytes allocated, bytes stored.</summary>
public class StateBenchmarks
{
    /// <summary>What the layout of rows is made for; a longer one costs more than its length.</summary>
    private const int Aim = 1_600;

    private bool _isMoved;

    [ParamsSource(nameof(Subjects))]
    public StateSubject Subject { get; set; } = null!;

    public static IEnumerable<StateSubject> Subjects { get; } = [.. StateSubject.All()];

    /// <summary>A debtor's first write: a data key is made and wrapped.</summary>
    [Benchmark]
    public byte[] EncodeFirst() => StateCodec.Encode(Subject.State, DebtorSeal.Create(Subject.Ring, Subject.Key));

    /// <summary>Most writes: the personal fields are what they were, and keep their box.</summary>
    [Benchmark]
    public byte[] EncodeAgain() => StateCodec.Encode(Subject.State, Subject.Seal);

    [Benchmark]
    public byte[] EncodeMoved()
    {
        _isMoved = !_isMoved;
        return StateCodec.Encode(_isMoved ? Subject.Moved : Subject.State, Subject.Seal);
    }

    [Benchmark]
    public byte[] EncodeUnsealed() => StateCodec.Encode(Subject.Tombstone, Subject.Seal);

    /// <summary>An activation.</summary>
    [Benchmark]
    public (DebtorState State, DebtorSeal Seal) Decode() => StateCodec.Decode(Subject.Key, Subject.Stored, Subject.Ring);

    /// <summary>Personal fields stay sealed.</summary>
    [Benchmark]
    public DebtorState DecodeUnopened() => StateCodec.DecodeSealed(Subject.Key, Subject.Stored);

    [Benchmark]
    public byte[] EncodeEvents() => EventCodec.Encode(Subject.Batch, Subject.Seal);

    [Benchmark]
    public byte[] EncodeEventsUnsealed() => EventCodec.Encode(Subject.Batch);

    [Benchmark]
    public EventBatch DecodeEvents() => EventCodec.Decode(Subject.StoredEvents, box => Subject.Seal.OpenEvents(box));

    internal static int Run(BenchmarkScale scale)
    {
        Console.WriteLine("| state | work | quietest · median ns | bytes allocated |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var report in Rounds.Run<StateBenchmarks>(scale))
        {
            Console.WriteLine($"| {Rounds.ParameterOf<StateSubject>(report, nameof(Subject))} | {Rounds.MethodOf(report)} | {Rounds.Figures(report)} |");
        }

        Console.WriteLine();
        Console.WriteLine("| state | bytes stored | as a share of 1,600 | bytes of the last decision's events |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var subject in Subjects)
        {
            Console.WriteLine($"| {subject} | {subject.Stored.Length:N0} | {(double)subject.Stored.Length / Aim:P0}{(subject.Stored.Length > Aim ? ": too long" : "")} | {subject.StoredEvents.Length:N0} |");
        }

        return 0;
    }
}
