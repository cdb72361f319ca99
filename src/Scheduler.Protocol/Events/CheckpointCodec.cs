using System.Security.Cryptography;
using Google.Protobuf;
using NodaTime;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Events;

/// <summary>Checkpoints as they stand in the place of a dropped record, both ways.</summary>
public static class CheckpointCodec
{
    /// <summary>Key and length type of the batch's only field: a batch of events begins with another.</summary>
    private static readonly byte[] Mark = MarkOf(V1.DebtorEventBatch.CheckpointFieldNumber);

    /// <summary>Whether these are the bytes of a checkpoint.</summary>
    public static bool Is(ReadOnlySpan<byte> payload) => payload.StartsWith(Mark);

    /// <param name="contents">What is kept.</param>
    /// <param name="seal">Seals what is personal; null: the debtor is erased, and nothing personal is left to keep.</param>
    public static byte[] EncodeContents(KeptContents contents, Func<byte[], byte[]>? seal)
    {
        var message = new V1.CheckpointContents { LastActTime = ScalarMap.ToProto(contents.LastActAt), LastFence = contents.LastFence };
        foreach (var record in contents.Records) message.Records.Add(EventCodec.Write(new EventBatch(record.FirstSequence, record.RecordedAt, record.Events), seal));
        message.ProviderContactIds.AddRange(contents.ProviderContacts);
        if (seal is not null && !contents.Addresses.IsEmpty)
        {
            var traces = new V1.SealedTraces();
            traces.Addresses.AddRange(contents.Addresses);
            message.SealedTraces = UnsafeByteOperations.UnsafeWrap(seal(traces.ToByteArray()));
        }

        return message.ToByteArray();
    }

    /// <summary>In lower-case hex, as it is signed.</summary>
    public static string DigestOf(ReadOnlySpan<byte> contents) => Convert.ToHexStringLower(SHA256.HashData(contents));

    /// <summary>The payload of the record in whose place it stands.</summary>
    public static byte[] Encode(LogCheckpoint checkpoint, ReadOnlyMemory<byte> contents) => new V1.DebtorEventBatch
    {
        Checkpoint = new V1.DebtorCheckpoint
        {
            EventCount = checkpoint.EventCount,
            RecordCount = checkpoint.RecordCount,
            RecordsDigest = ByteString.CopyFrom(Convert.FromHexString(checkpoint.RecordsDigest)),
            TakeTime = ScalarMap.ToProto(checkpoint.TakenAt),
            Contents = UnsafeByteOperations.UnsafeWrap(contents),
            KeyId = checkpoint.KeyId,
            Signature = UnsafeByteOperations.UnsafeWrap(checkpoint.Signature),
        },
    }.ToByteArray();

    /// <summary>As it is found in a record: what it is about is the record's own.</summary>
    public static LogCheckpoint Read(EventBatch batch, DebtorKey debtor, long cursor, ReadOnlySpan<byte> chain)
    {
        var source = batch.Checkpoint ?? throw new ArgumentException("The record holds no checkpoint.", nameof(batch));
        return new LogCheckpoint(
            debtor, cursor, Convert.ToHexStringLower(chain), source.EventCount, source.RecordCount, Convert.ToHexStringLower(source.RecordsDigest.Span),
            ScalarMap.ToInstant(source.TakeTime), DigestOf(source.Contents.Span))
        {
            KeyId = source.KeyId,
            Signature = source.Signature.Memory,
            Contents = batch.Kept,
        };
    }

    internal static KeptContents ReadContents(V1.DebtorCheckpoint checkpoint, Func<byte[], byte[]>? open)
    {
        var source = V1.CheckpointContents.Parser.ParseFrom(checkpoint.Contents);
        return new KeptContents
        {
            Records = [.. source.Records.Select(batch => Kept(batch, open))],
            Addresses = open is null || source.SealedTraces.IsEmpty ? [] : [.. V1.SealedTraces.Parser.ParseFrom(open(source.SealedTraces.ToByteArray())).Addresses],
            ProviderContacts = [.. source.ProviderContactIds],
            LastActAt = Names.Instant(source.LastActTime),
            LastFence = source.LastFence,
        };
    }

    private static KeptRecord Kept(V1.DebtorEventBatch source, Func<byte[], byte[]>? open)
    {
        // A checkpoint keeps events; one inside another would be somebody's trick.
        source.Checkpoint = null;
        var batch = EventCodec.Read(source, open);
        return new KeptRecord(batch.RecordedAt, batch.FirstSequence, batch.Events);
    }

    private static byte[] MarkOf(int field)
    {
        var key = new byte[2];
        using var output = new CodedOutputStream(key);
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.Flush();
        return key;
    }
}
