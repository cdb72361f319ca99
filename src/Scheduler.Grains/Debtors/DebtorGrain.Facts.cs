using System.Collections.Immutable;
using Google.Protobuf;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Writing;
using Scheduler.Protocol.Events;
using Scheduler.Storage;

namespace Scheduler.Grains.Debtors;

/// <content>What others say about the debtor.</content>
public sealed partial class DebtorGrain
{
    /// <summary>Decisions looked through for a provider's id of a contact.</summary>
    private const int ProviderSearch = 64;

    /// <summary>Facts about an address that come in while an entry with it is decided: more than a few in a row are somebody's storm.</summary>
    private const int AddressTries = 3;

    public async Task<EntryAnswer> ApplyEntry(Submission entry)
    {
        if (IsErased) return Absent(new EntryAnswer(EntryOutcome.Rejected, null, Answers.Erased));
        if (IsElsewhere(d => d.ApplyEntry(entry), static fault => new EntryAnswer(EntryOutcome.Rejected, null, fault), out var elsewhere)) return await elsewhere;
        var key = Key;
        var known = KnownAddresses.None;
        for (var tries = 0; ; tries++)
        {
            try
            {
                var (facts, seen) = known;
                var reply = await TurnAsync(
                    (state, _, context, now) => DebtorDecider.ApplyEntry(state, Wire.ReadEntry(key, entry.Body, now) with { AddressFacts = facts }, context, now),
                    new TurnTerms(Grows: true, AddressFactsSeen: seen));
                tools.Counters.Add(CounterNames.EntriesApplied);
                return Answers.Of(reply);
            }
            catch (RowRefusedException refused) when (refused.Kind == WriteAnswerKind.AddressKnown && tries < AddressTries)
            {
                known = await tools.Writing.Addresses.LookUpAsync(key.Tenant, Wire.ReadEntry(key, entry.Body, tools.Clock.Now()).Points ?? []);
            }
            catch (RowRefusedException refused) when (refused.Kind == WriteAnswerKind.TooLarge)
            {
                return new EntryAnswer(EntryOutcome.Rejected, null, Answers.TooLarge);
            }
            catch (RowRefusedException refused) when (refused.Kind == WriteAnswerKind.LinkShared)
            {
                return new EntryAnswer(EntryOutcome.Rejected, null, Answers.SharesAccount);
            }
        }
    }

    public async Task<SignalAnswer> RecordSignal(Submission signal)
    {
        if (Record is null) return Absent(new SignalAnswer(Recorded: false, Duplicate: false, [], [], Answers.NoDebtor, []));
        if (IsElsewhere(d => d.RecordSignal(signal with { Alias = signal.Alias.Length > 0 ? signal.Alias : Key.Debtor }), static fault => new SignalAnswer(Recorded: false, Duplicate: false, [], [], fault, []), out var elsewhere)) return await elsewhere;
        try
        {
            var reply = await TurnAsync(
                (state, _, context, now) => DebtorDecider.RecordSignal(state!, Wire.ReadSignal(signal.Body, now) with { Alias = signal.Alias }, context, now), default);
            tools.Counters.Add(CounterNames.Signals);
            var answer = Answers.Of(reply);
            return Record is { State.Parts.IsEmpty: true } ? answer : answer with { Parts = PartsOf(Wire.DispatchOf(signal)) };
        }
        catch (RowRefusedException refused) when (refused.Kind == WriteAnswerKind.TooLarge)
        {
            return new SignalAnswer(Recorded: false, Duplicate: false, [], [], Answers.TooLarge, []);
        }
    }

    public async Task<ItemAnswer> CloseAccount(Submission closure)
    {
        if (Record is null) return Absent(new ItemAnswer(Done: false, Duplicate: false, Answers.NoDebtor));
        if (IsElsewhere(d => d.CloseAccount(closure), static fault => new ItemAnswer(Done: false, Duplicate: false, fault), out var elsewhere)) return await elsewhere;
        return Answers.Of(await TurnAsync(
            (state, _, context, now) => DebtorDecider.CloseAccount(state!, Wire.ReadClosure(closure.Body, now), context, now), default));
    }

    public async Task<ItemAnswer> TransferAccount(Submission transfer)
    {
        if (Record is null) return Absent(new ItemAnswer(Done: false, Duplicate: false, Answers.NoDebtor));
        if (IsElsewhere(d => d.TransferAccount(transfer), static fault => new ItemAnswer(Done: false, Duplicate: false, fault), out var elsewhere)) return await elsewhere;
        return Answers.Of(await TurnAsync(
            (state, _, context, now) => DebtorDecider.TransferAccount(state!, Wire.ReadTransfer(transfer.Body, now), context, now), default));
    }

    public async Task<ImmutableArray<ItemAnswer>> SeedContacts(ImmutableArray<Submission> contacts)
    {
        if (Record is null) return Absent(ForAll(Answers.NoDebtor));
        if (IsElsewhere(d => d.SeedContacts([.. contacts.Select(InOurNames)]), ForAll, out var elsewhere)) return await elsewhere;
        try
        {
            return await SeedAsync(contacts);
        }
        catch (RowRefusedException refused) when (refused.Kind == WriteAnswerKind.TooLarge)
        {
            if (contacts.Length == 1) return ForAll(Answers.TooLarge);
        }

        // Together they do not fit: each for itself, so that those that do are kept.
        var answers = ImmutableArray.CreateBuilder<ItemAnswer>(contacts.Length);
        foreach (var contact in contacts) answers.AddRange(await SeedContacts([contact]));
        return answers.MoveToImmutable();

        ImmutableArray<ItemAnswer> ForAll(Fault fault) => [.. contacts.Select(_ => new ItemAnswer(Done: false, Duplicate: false, fault))];

        Submission InOurNames(Submission contact) => contact with { Alias = contact.Alias.Length > 0 ? contact.Alias : Key.Debtor };
    }

    private async Task<ImmutableArray<ItemAnswer>> SeedAsync(ImmutableArray<Submission> contacts)
    {
        var replies = await TurnAsync(
            (state, _, context, now) => DebtorDecider.SeedContacts(
                state!, [.. contacts.Select(contact => Wire.ReadContact(contact.Body, now) with { Alias = contact.Alias })], context, now),
            new TurnTerms(Grows: true));
        return [.. replies.Select(Answers.Of)];
    }

    public async Task<FactAnswer> ReportOutcome(FactReport outcome)
    {
        if (Record is null) return Absent(new FactAnswer(FactFate.NoSuchDispatch, [], Answers.NoDispatch));
        if (IsElsewhere(d => d.ReportOutcome(outcome), static fault => new FactAnswer(FactFate.Invalid, [], fault), out var elsewhere)) return await elsewhere;
        var message = Wire.ParseOutcome(outcome);
        var dispatch = message.Lease?.DispatchId ?? "";
        if (IsAnothers(dispatch, outcome.GatewayId)) return new FactAnswer(FactFate.Invalid, [], Answers.NotYours);
        var lease = Record.State.Lease;
        var reply = await TurnAsync(
            (state, _, context, now) => DebtorDecider.ReportOutcome(state!, Wire.ReadOutcome(message, outcome.GatewayId, now), context, now), default);
        tools.Counters.Add(CounterNames.Outcomes);
        var answer = Answers.Of(reply);
        tools.Counters.Instruments.Reported("outcome", answer);
        if (lease is not null && answer.Fate == FactFate.Recorded) tools.Counters.Instruments.Settled(lease.Channel, tools.Clock.Now() - lease.LeasedAt);
        if (reply.State == FactState.Recorded && message.NotPlaced is not null && lease?.Dispatch.Value == dispatch)
            await StopForFaultAsync(Wire.ReadOutcome(message, outcome.GatewayId, tools.Clock.Now()), lease);
        return WithParts(answer, dispatch);
    }

    public async Task<FactAnswer> ReportReceipt(FactReport receipt)
    {
        if (Record is null) return Absent(new FactAnswer(FactFate.NoSuchDispatch, [], Answers.NoDispatch));
        var message = Wire.ParseReceipt(receipt);
        if (message.HasProviderContactId)
        {
            if (await FindDispatchAsync(message.ProviderContactId) is not { } dispatch) return new FactAnswer(FactFate.NoSuchDispatch, [], Answers.NoDispatch);
            message.DispatchId = dispatch;
            receipt = receipt with { Body = message.ToByteArray() };
        }

        if (IsElsewhere(d => d.ReportReceipt(receipt), static fault => new FactAnswer(FactFate.Invalid, [], fault), out var elsewhere)) return await elsewhere;

        var reply = await TurnAsync(
            (state, _, context, now) => DebtorDecider.ReportReceipt(state!, Wire.ReadReceipt(message, now), context, now), default);
        tools.Counters.Add(CounterNames.Receipts);
        var answer = Answers.Of(reply);
        tools.Counters.Instruments.Reported("receipt", answer);
        return WithParts(answer, message.DispatchId);
    }

    /// <summary>A tombstone answers as one: its state says that it was erased, and nothing else is there.</summary>
    public Task<DebtorAnswer> GetState() => Record is { State.Merge.IsDone: true } && IsElsewhere(static d => d.GetState(), static _ => DebtorAnswer.NotFound, out var elsewhere) ? elsewhere : Task.FromResult(
        stored.State.Record is { } record ? new DebtorAnswer(Found: true, Wire.WriteDebtor(record.State, record.Version)) : Absent(DebtorAnswer.NotFound));

    public Task<DebtorAnswer> Explain(ReadOnlyMemory<byte> request) =>
        Record is { State.Merge.IsDone: true } && IsElsewhere(d => d.Explain(request), static _ => DebtorAnswer.NotFound, out var elsewhere) ? elsewhere : ExplainHereAsync(request);

    private async Task<DebtorAnswer> ExplainHereAsync(ReadOnlyMemory<byte> request)
    {
        if (Record is not { } record) return Absent(DebtorAnswer.NotFound);
        var rules = RulesAt(tools.Clock.Now());
        var shared = await OpenSharedAsync(record, rules);
        var context = rules.Context with { Shared = shared?.Others ?? [] };
        return new DebtorAnswer(Found: true, DebtorExplanation.Write(record.State, request, context, tools.Clock.Now()));
    }

    /// <summary>Providers' ids stand in the log and not in the state: few receipts come without our own id.</summary>
    private async Task<string?> FindDispatchAsync(string providerContactId)
    {
        foreach (var row in await tools.Events.ReadEventsBackAsync(RowKey(), null, ProviderSearch))
        {
            foreach (var one in EventCodec.Decode(row.Payload.Span).AllEvents)
            {
                if (one is Domain.Debtors.DebtorEvent.ContactPlaced placed && placed.ProviderContactId == providerContactId) return placed.Contact.Id;
            }
        }

        return null;
    }

}
