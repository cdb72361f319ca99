using System.Collections.Immutable;
using System.Text;
using NodaTime;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Erasing;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Rules;
using Scheduler.Storage;

namespace Scheduler.Grains.Debtors;

/// <content>The end of a person's data.</content>
public sealed partial class DebtorGrain
{
    /// <summary>The row is a tombstone: to every other question there is no such debtor.</summary>
    private bool IsErased => stored.State.Record is { State.Phase: DebtorPhase.Erased };

    public async Task<EraseAnswer> Erase(EraseRequest request)
    {
        if (IsErased) return Erased();
        if (Record is not { } record) return Absent(new EraseAnswer(Found: false, [], []));
        var traces = await DebtorTraces.ReadAsync(tools.Events, RowKey(), record.Seal);
        var command = new EraseCommand(request.RequestId, request.Actor, request.Reason, traces.LastActAt, erasure.Retention);
        var now = tools.Clock.Now();
        if (DebtorDecider.Erase(record.State, command, RulesAt(now).Context, now).Reply.IsErased)
        {
            await SuppressAsync(record.State, traces, now);
            await LeaveNamelessAsync(record.State, traces.Scopes.Union(record.State.SharedScopes), now);
        }

        var reply = await TurnAsync(
            (state, _, context, at) => DebtorDecider.Erase(state!, command, context, at), new TurnTerms(Unlinked: LinksOf(traces), Unshared: true));
        if (!reply.IsErased)
        {
            return new EraseAnswer(Found: true, [.. reply.Retained.Select(static kept => new RetainedAnswer(kept.What, kept.Basis, Answers.Of(kept.Until), kept.For?.ToTimeSpan()))], []);
        }

        tools.Counters.Add(CounterNames.Erased);
        return Erased();
    }

    public async Task<EraseAnswer> EraseAlias(EraseRequest request)
    {
        if (IsErased) return Erased();
        if (Record is not { State.Merge.IsDone: true } record) return Absent(new EraseAnswer(Found: false, [], []));
        var traces = await DebtorTraces.ReadAsync(tools.Events, RowKey(), record.Seal);
        await SuppressAsync(record.State, traces, tools.Clock.Now());
        await LeaveNamelessAsync(record.State, traces.Scopes, tools.Clock.Now());
        var command = new EraseCommand(request.RequestId, request.Actor, request.Reason, traces.LastActAt, erasure.Retention);
        await TurnAsync((state, _, context, at) => DebtorDecider.EraseAlias(state!, command, context, at), new TurnTerms(Unlinked: LinksOf(traces), Unshared: true));
        return Erased();
    }

    /// <summary>The tombstone names the ids that go with it, so that a repeated request completes what a crash left.</summary>
    private EraseAnswer Erased() =>
        Absent(new EraseAnswer(Found: true, [], [.. stored.State.Record!.State.Merged.Select(static merged => merged.Debtor)]));

    public async Task<ExportPermission> NoteExport(Submission asked)
    {
        if (IsErased) return Absent(ExportPermission.Erased);
        if (Record is null) return Absent(ExportPermission.NoDebtor);
        var reason = Encoding.UTF8.GetString(asked.Body.Span);
        await TurnAsync((state, _, context, now) => DebtorDecider.NoteExport(state!, asked.Actor, reason, context, now), default);
        return ExportPermission.Noted;
    }

    /// <summary>
    /// Durable before the erasure: a crash in between leaves an address that nobody is contacted at without a new consent, and the repeated erasure
    /// completes. Every address ever listed counts, whichever file brings it back under whatever id.
    /// </summary>
    private async Task SuppressAsync(DebtorState state, DebtorTraces traces, Instant now)
    {
        foreach (var point in state.Points) traces.Addresses.Add(point.Address);
        var lesson = new AddressLesson([new AddressFact(AddressFactKind.Erased, ContactChannel.Unknown, now)], []);
        foreach (var address in traces.Addresses) await tools.Writing.Addresses.LearnAsync(state.Key.Tenant, address, lesson);
    }

    private static ImmutableArray<DebtorLink> LinksOf(DebtorTraces traces)
    {
        var links = traces.Accounts.Select(static id => new DebtorLink(LinkKind.Account, id))
            .Concat(traces.DebtKeys.Select(static key => new DebtorLink(LinkKind.CountingDebt, key)))
            .Concat(traces.ProviderContacts.Select(static id => new DebtorLink(LinkKind.ProviderContact, id)));
        // Beyond the limit, less the points' and contacts' own links, only providers' ids are left: they lead to a tombstone.
        return [.. links.Take(StorageLimits.LinkCount - DebtorLimits.Points - DebtorLimits.Contacts)];
    }
}
