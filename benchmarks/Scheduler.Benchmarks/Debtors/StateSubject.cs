using System.Collections.Immutable;
using System.Security.Cryptography;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Events;
using Scheduler.Storage.Codec;
using Scheduler.Storage.Sealing;
using RowKey = Scheduler.Storage.DebtorKey;

namespace Scheduler.Benchmarks.Debtors;

/// <summary>One state of a debtor as it is written with the events of its decision, and as it lies in its row.</summary>
public sealed class StateSubject
{
    private StateSubject(string name, DebtorState state, ImmutableArray<DebtorEvent> events)
    {
        Name = name;
        State = state with { ChainHead = [.. RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes)], EventCount = events.Length };
        Moved = State with { Points = State.Points.SetItem(0, State.Points[0] with { Address = "+13125559999" }) };
        Tombstone = State with { Phase = DebtorPhase.Erased };
        Key = new RowKey(state.Key.Tenant, state.Key.Debtor);
        Ring = new KeyRing([new MasterKey(1, RandomNumberGenerator.GetBytes(MasterKey.Bytes))]);
        Seal = DebtorSeal.Create(Ring, Key);
        Stored = StateCodec.Encode(State, Seal);
        Batch = new EventBatch(1, LoadedDebtor.DueAt, events);
        StoredEvents = EventCodec.Encode(Batch, Seal);
    }

    public string Name { get; }

    public DebtorState State { get; }

    /// <summary>The same with another address: its personal fields are sealed anew.</summary>
    public DebtorState Moved { get; }

    /// <summary>The same as a tombstone, of which nothing is sealed: what is left of the work is all but the sealing.</summary>
    public DebtorState Tombstone { get; }

    public RowKey Key { get; }

    public KeyRing Ring { get; }

    public DebtorSeal Seal { get; }

    public byte[] Stored { get; }

    public EventBatch Batch { get; }

    public byte[] StoredEvents { get; }

    public static IEnumerable<StateSubject> All()
    {
        var (plain, contacted) = (new LoadedDebtor(0), new LoadedDebtor(20));
        yield return new StateSubject("entered", plain.Entered, plain.EntryEvents);
        yield return new StateSubject("leased", plain.Leased, plain.LeaseEvents);
        yield return new StateSubject("reported", plain.Reported, plain.OutcomeEvents);
        yield return new StateSubject("reported, 20 contacts before", contacted.Reported, contacted.OutcomeEvents);
    }

    public override string ToString() => Name;
}
