using System.Globalization;
using Orleans.Storage;
using Scheduler.Grains.Writing;
using Scheduler.Storage;
using Scheduler.Storage.Codec;
using Scheduler.Storage.Sealing;

namespace Scheduler.Grains.Debtors;

/// <summary>The grain storage named "debtors": one row per debtor, written together with its events through group commit.</summary>
public sealed class DebtorGrainStorage(IDebtorStore store, KeyRing keys, UnreadableRows unreadable) : IGrainStorage
{
    public const string Name = "debtors";

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var own = Own(grainState);
        var row = await store.ReadAsync(DebtorKey.Parse(grainId.Key.ToString()));
        own.State = new DebtorEnvelope { Record = row is null ? null : await ReadAsync(row) };
        own.ETag = row?.Version.ToString(CultureInfo.InvariantCulture);
        own.RecordExists = row is not null;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var own = Own(grainState);
        var envelope = own.State!;
        var pending = envelope.Pending ?? throw new InvalidOperationException("A turn writes only what it decided.");
        var answer = await store.WriteAsync(pending.Write);
        switch (answer.Kind)
        {
            case WriteAnswerKind.Committed:
                envelope.Record = Written(pending, answer);
                envelope.Pending = null;
                own.ETag = answer.Version.ToString(CultureInfo.InvariantCulture);
                own.RecordExists = true;
                return;
            case WriteAnswerKind.Conflict or WriteAnswerKind.AlreadyExists:
                throw new InconsistentStateException(
                    "Another write came first.", answer.Version.ToString(CultureInfo.InvariantCulture), own.ETag);
            default:
                throw new RowRefusedException(answer.Kind);
        }
    }

    /// <summary>Debtors are never cleared: an erased one leaves a tombstone.</summary>
    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        throw new NotSupportedException("A debtor's row is never deleted.");

    /// <summary>A row that cannot be read is counted as a fault of its debtor.</summary>
    private async Task<DebtorRecord> ReadAsync(DebtorRow row)
    {
        try
        {
            return Read(row, keys);
        }
        catch (Exception failure) when (failure is SealException or not OrleansException)
        {
            await unreadable.CountAsync(row, failure);
            throw new DebtorUnreadableException(failure.GetType().Name);
        }
    }

    internal static DebtorRecord Read(DebtorRow row, KeyRing keys)
    {
        var (state, seal) = StateCodec.Decode(row.Key, row.State.Span, keys);
        return new DebtorRecord(state, row.Version, row.LastEventSeq, row.Lane, row.DueAt, seal);
    }

    internal static DebtorRecord Written(PreparedWrite pending, WriteAnswer answer) =>
        new(pending.After, answer.Version, answer.EventSeq, pending.Write.Lane, pending.Write.DueAt, pending.Seal);

    private static IGrainState<DebtorEnvelope> Own<T>(IGrainState<T> state) => state as IGrainState<DebtorEnvelope>
        ?? throw new NotSupportedException($"The storage '{Name}' holds {nameof(DebtorEnvelope)} only.");
}
