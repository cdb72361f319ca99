using Grpc.Core;
using NodaTime;
using Scheduler.Cli.Importing;
using Scheduler.Cli.Sessions;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Events;
using Scheduler.V1;

namespace Scheduler.Cli.Operations;

/// <summary>The event log of a tenant from its beginning, decoded for the checker.</summary>
internal static class EventFeed
{
    public static async Task ReadAsync(ServiceSession session, string tenant, Action<AuditRecord> take, CancellationToken cancel)
    {
        using var call = session.Operations.StreamEvents(new StreamEventsRequest { TenantId = tenant }, cancellationToken: cancel);
        await foreach (var piece in call.ResponseStream.ReadAllAsync(cancel))
        {
            foreach (var record in piece.Records)
            {
                var batch = EventCodec.Decode(record.Batch.Span);
                take(new AuditRecord(
                    record.Cursor, new DebtorKey(tenant, record.DebtorId), ProtocolValues.ToInstant(record.RecordTime),
                    record.Batch.Memory, batch.Events, record.ChainHash.Memory)
                { FirstSequence = batch.FirstSequence });
            }
        }
    }
}
