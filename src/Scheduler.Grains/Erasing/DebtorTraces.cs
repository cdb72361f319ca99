using NodaTime;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Caps;
using Scheduler.Protocol.Events;
using Scheduler.Storage;
using Scheduler.Storage.Sealing;
using FactEvent = Scheduler.Domain.Debtors.DebtorEvent;
using RowKey = Scheduler.Storage.DebtorKey;

namespace Scheduler.Grains.Erasing;

/// <summary>What a debtor left in the log that an erasure must know: every address ever listed, providers' ids of contacts, the last act.</summary>
public sealed class DebtorTraces
{
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
        foreach (var row in await log.ReadWrittenAsync(key))
        {
            var batch = EventCodec.Decode(row.Payload.Span, box => seal.OpenEvents(box));
            foreach (var one in batch.AllEvents) traces.Take(one);
            traces.Take(batch.Kept);
        }

        return traces;
    }

    /// <summary>Of records that were dropped.</summary>
    private void Take(KeptContents kept)
    {
        Addresses.UnionWith(kept.Addresses);
        ProviderContacts.UnionWith(kept.ProviderContacts);
        if (kept.LastActAt is { } at) Act(at);
    }

    private void Take(FactEvent source)
    {
        if (Keeping.IsAct(source)) Act(source.At);
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
            case FactEvent.ContactPlaced e:
                if (e.ProviderContactId.Length > 0) ProviderContacts.Add(e.ProviderContactId);
                break;
        }
    }

    private void Act(Instant at) => LastActAt = LastActAt is { } last && last > at ? last : at;
}
