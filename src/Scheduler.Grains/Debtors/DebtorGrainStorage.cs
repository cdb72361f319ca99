using System.Globalization;
using Orleans.Storage;
using Scheduler.Grains.Writing;
using Scheduler.Storage;
using Scheduler.Storage.Codec;
using DomainKey = Scheduler.Domain.Debtors.DebtorKey;

namespace Scheduler.Grains.Debtors;

/// <summary>The grain storage named "debtors": one row per debtor, written together with its events through group commit.</summary>
public sealed class DebtorGrainStorage(IDebtorStore store) : IGrainStorage
{
    public const string Name = "debtors";

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var own = Own(grainState);
        var row = await store.ReadAsync(DebtorKey.Parse(grainId.Key.ToString()));
        own.State = new DebtorEnvelope { Record = row is null ? null : Read(row) };
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

    internal static DebtorRecord Read(DebtorRow row) => new(
        StateCodec.Decode(new DomainKey(row.Key.Tenant, row.Key.Debtor), row.State.Span), row.Version, row.LastEventSeq, row.Lane, row.DueAt);

    internal static DebtorRecord Written(PreparedWrite pending, WriteAnswer answer) =>
        new(pending.After, answer.Version, answer.EventSeq, pending.Write.Lane, pending.Write.DueAt);

    private static IGrainState<DebtorEnvelope> Own<T>(IGrainState<T> state) => state as IGrainState<DebtorEnvelope>
        ?? throw new NotSupportedException($"The storage '{Name}' holds {nameof(DebtorEnvelope)} only.");
}
