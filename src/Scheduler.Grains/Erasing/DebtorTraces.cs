using NodaTime;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Events;
using Scheduler.Storage;
using Scheduler.Storage.Sealing;
using FactEvent = Scheduler.Domain.Debtors.DebtorEvent;
using RowKey = Scheduler.Storage.DebtorKey;

namespace Scheduler.Grains.Erasing;

/// <summary>What a debtor left in the log that an erasure must know: every address ever listed, providers' ids of contacts, the last act.</summary>
public sealed class DebtorTraces
{
    private const int RowsAtOnce = 256;

    private DebtorTraces()
    {
    }

    public HashSet<string> Addresses { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Accounts { get; } = new(StringComparer.Ordinal);

    public HashSet<string> DebtKeys { get; } = new(StringComparer.Ordinal);

    /// <summary>Every counter ever shared with others.</summary>
    public HashSet<SharedScope> Scopes { get; } = [];

    public HashSet<string> ProviderContacts { get; } = new(StringComparer.Ordinal);

    /// <summary>The latest contact or closing; null where there was none.</summary>
    public Instant? LastActAt { get; private set; }

    public static async Task<DebtorTraces> ReadAsync(IEventLog log, RowKey key, DebtorSeal seal)
    {
        var traces = new DebtorTraces();
        long? from = null;
        while (from != 0)
        {
            var rows = await log.ReadEventsBackAsync(key, from, RowsAtOnce);
            if (rows.Count == 0) break;
            foreach (var row in rows)
            {
                foreach (var one in EventCodec.Decode(row.Payload.Span, box => seal.OpenEvents(box)).Events) traces.Take(one);
            }

            from = rows[^1].PrevSeq;
        }

        return traces;
    }

    private void Take(FactEvent source)
    {
        switch (source)
        {
            case FactEvent.PointsReplaced e:
                foreach (var point in e.Points)
                {
                    if (point.Address.Length > 0) Addresses.Add(point.Address);
                }

                break;
            case FactEvent.AccountEntered e:
                Accounts.Add(e.Account.Id.Value);
                if (e.Account.DebtKey.Length > 0 && e.Account.DebtKey != e.Account.Id.Value) DebtKeys.Add(e.Account.DebtKey);
                break;
            case FactEvent.ScopeJoined e: Scopes.Add(e.Scope); break;
            case FactEvent.AccountClosed e: Act(e.At); break;
            case FactEvent.LeaseLapsed e: Act(e.At); break;
            case FactEvent.InboundReceived e: Act(e.At); break;
            case FactEvent.ContactSeeded e: Act(e.At); break;
            case FactEvent.ContactPlaced e:
                Act(e.At);
                if (e.ProviderContactId.Length > 0) ProviderContacts.Add(e.ProviderContactId);
                break;
        }
    }

    private void Act(Instant at) => LastActAt = LastActAt is { } last && last > at ? last : at;
}
