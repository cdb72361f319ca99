using Grpc.Core;
using Scheduler.Cli.Importing;
using Scheduler.Cli.Sessions;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Events;
using Scheduler.V1;

namespace Scheduler.Cli.Operations;

/// <summary>The event log of a tenant from its beginning, decoded for the checker; dropped records come as they are, empty or as the checkpoint that stands for them.</summary>
internal static class EventFeed
{
    public static async Task ReadAsync(ServiceSession session, string tenant, Action<AuditRecord> take, CancellationToken cancel)
    {
        using var call = session.Operations.StreamEvents(new StreamEventsRequest { TenantId = tenant }, cancellationToken: cancel);
        await foreach (var piece in call.ResponseStream.ReadAllAsync(cancel))
        {
            foreach (var record in piece.Records) take(Read(tenant, record));
        }
    }

    /// <summary>One record with its events, or with the checkpoint that stands in its place. Throws what a batch throws that cannot be read.</summary>
    public static AuditRecord Read(string tenant, EventRecord record)
    {
        var debtor = new DebtorKey(tenant, record.DebtorId);
        var batch = EventCodec.Decode(record.Batch.Span);
        return Of(record, debtor, batch) with
        {
            Checkpoint = batch.Checkpoint is null ? null : CheckpointCodec.Read(batch, debtor, record.Cursor, record.ChainHash.Span),
        };
    }

    /// <summary>The record with what could be read of it.</summary>
    public static AuditRecord Of(EventRecord record, DebtorKey debtor, EventBatch batch) =>
        new(record.Cursor, debtor, ProtocolValues.ToInstant(record.RecordTime), record.Batch.Memory, batch.Events, record.ChainHash.Memory) { FirstSequence = batch.FirstSequence };
}
