using System.Collections.Immutable;
using Google.Protobuf;
using NodaTime;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Events;

/// <summary>The events of one decision as they are stored, hashed and fed to readers.</summary>
/// <param name="FirstSequence">Position of the first event in the debtor's chain, from 1; 0 for a record that was dropped.</param>
public sealed record EventBatch(long FirstSequence, Instant RecordedAt, ImmutableArray<DebtorEvent> Events)
{
    /// <summary>Events of kinds that this version does not know.</summary>
    public int UnknownCount { get; init; }

    /// <summary>Stands for the record and the debtor's older ones; null for a record that is whole.</summary>
    public V1.DebtorCheckpoint? Checkpoint { get; init; }

    /// <summary>What the checkpoint keeps.</summary>
    public KeptContents Kept { get; init; } = KeptContents.Empty;

    /// <summary>The record's events, or those that a checkpoint in its place keeps.</summary>
    public IEnumerable<DebtorEvent> AllEvents => Checkpoint is null ? Events : Kept.Records.SelectMany(static record => record.Events);
}

/// <summary>Domain's events as <c>scheduler.v1.DebtorEventBatch</c>, both ways. The bytes are what the chain's hash is over.</summary>
public static class EventCodec
{
    /// <param name="batch">Events of one decision.</param>
    /// <param name="seal">Seals what is personal; without it, addresses and variables are left out and the rest stands in clear.</param>
    public static byte[] Encode(EventBatch batch, Func<ReadOnlySpan<byte>, byte[]>? seal = null) => EventWriter.Write(batch, seal);

    /// <inheritdoc cref="Encode(EventBatch, Func{ReadOnlySpan{byte}, byte[]})"/>
    public static byte[] Encode(EventBatch batch, IEventSeal seal) => EventWriter.Write(batch, seal);

    /// <summary>Cases that this version does not know are left out, so that positions are given by the message, not by counting. No bytes: a dropped record.</summary>
    public static EventBatch Decode(ReadOnlySpan<byte> bytes) => Read(V1.DebtorEventBatch.Parser.ParseFrom(bytes));

    /// <summary>The same with the personal fields in clear.</summary>
    public static EventBatch Decode(ReadOnlySpan<byte> bytes, Func<byte[], byte[]> open) => Read(V1.DebtorEventBatch.Parser.ParseFrom(bytes), open);

    public static EventBatch Read(V1.DebtorEventBatch message, Func<byte[], byte[]>? open = null)
    {
        if (open is not null && !message.SealedFields.IsEmpty) PersonalEvents.Restore(message, V1.PersonalFields.Parser.ParseFrom(open(message.SealedFields.ToByteArray())));
        var events = ImmutableArray.CreateBuilder<DebtorEvent>(message.Events.Count);
        foreach (var item in message.Events)
        {
            if (Read(item) is { } known) events.Add(known);
        }

        var recordedAt = message.RecordTime is null ? default : ScalarMap.ToInstant(message.RecordTime);
        var batch = new EventBatch(message.FirstSequence, recordedAt, events.ToImmutable()) { UnknownCount = message.Events.Count - events.Count };
        return message.Checkpoint is { } checkpoint ? batch with { Checkpoint = checkpoint, Kept = CheckpointCodec.ReadContents(checkpoint, open) } : batch;
    }

    /// <summary>The same as a message, for what stands within another.</summary>
    internal static V1.DebtorEventBatch Write(EventBatch batch, Func<byte[], byte[]>? seal)
    {
        var message = new V1.DebtorEventBatch { FirstSequence = batch.FirstSequence, RecordTime = ScalarMap.ToProto(batch.RecordedAt) };
        V1.PersonalFields? personal = null;
        foreach (var item in batch.Events)
        {
            var one = Write(item);
            if (seal is not null && PersonalEvents.Take(item, one) is { } fields)
            {
                fields.EventIndex = message.Events.Count;
                (personal ??= new()).Events.Add(fields);
            }

            message.Events.Add(one);
        }

        if (personal is not null) message.SealedFields = UnsafeByteOperations.UnsafeWrap(seal!(personal.ToByteArray()));
        return message;
    }

    public static V1.DebtorEvent Write(DebtorEvent source)
    {
        var target = new V1.DebtorEvent { OccurTime = ScalarMap.ToProto(source.At) };
        if (!DebtorEventMap.Write(source, target) && !LeaseEventMap.Write(source, target) && !ContactEventMap.Write(source, target)
            && !MergeEventMap.Write(source, target) && !RepairEventMap.Write(source, target))
        {
            throw new NotSupportedException($"{source.GetType().Name} has no message in event.proto.");
        }

        return target;
    }

    /// <summary>Null for a case that this version does not know.</summary>
    public static DebtorEvent? Read(V1.DebtorEvent source)
    {
        var at = ScalarMap.ToInstant(source.OccurTime);
        return DebtorEventMap.Read(source, at) ?? LeaseEventMap.Read(source, at) ?? ContactEventMap.Read(source, at) ?? MergeEventMap.Read(source, at)
            ?? RepairEventMap.Read(source, at);
    }
}
