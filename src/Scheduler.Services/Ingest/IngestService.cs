using Google.Protobuf;
using Grpc.Core;
using NodaTime;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Ingest;
using Scheduler.Grains.Operations;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;
using Scheduler.Services.Access;
using Scheduler.Services.Batches;
using Scheduler.Services.Refusals;
using Scheduler.V1;

namespace Scheduler.Services.Ingest;

/// <summary>Portfolios in, accounts out: validates each item, passes on what is right, answers all in order.</summary>
public sealed class IngestService(IDebtorIntake intake, DebtorRoute route, DrainSwitch drain, TimeProvider clock)
    : V1.IngestService.IngestServiceBase
{
    /// <summary>More of one debtor are written in several turns: an event batch has its bounds.</summary>
    private const int ContactsPerTurn = 100;

    public override async Task<EnqueueAccountsResponse> EnqueueAccounts(EnqueueAccountsRequest request, ServerCallContext context)
    {
        RefuseWhileDraining();
        BatchSize.Check("entries", request.Entries.Count);
        BatchSize.CheckBytes("entries", request, context);
        var response = new EnqueueAccountsResponse();
        var admitted = new List<IntakeEntry>(request.Entries.Count);
        var places = new List<int>(request.Entries.Count);
        var now = Now();
        var violations = new FieldViolations();
        for (var i = 0; i < request.Entries.Count; i++)
        {
            var entry = request.Entries[i];
            var command = EntryMap.Read(request.TenantId, entry, violations, now);
            var result = new EntryResult { EntryIndex = i, DebtorId = entry.DebtorId };
            response.Results.Add(result);
            if (violations.Any)
            {
                result.State = EntryState.Rejected;
                result.Status = Refuse.Item(violations);
                violations = new FieldViolations();
                continue;
            }

            admitted.Add(new IntakeEntry(command, entry));
            places.Add(i);
        }

        if (admitted.Count > 0) await ApplyAsync(request, admitted, places, response, context);
        return response;
    }

    public override async Task<CloseAccountsResponse> CloseAccounts(CloseAccountsRequest request, ServerCallContext context)
    {
        RefuseWhileDraining();
        BatchSize.Check("closures", request.Closures.Count);
        var now = Now();
        var actor = AccessInterceptor.Caller(context).Actor;
        var pending = await Task.WhenAll(request.Closures.Select((closure, i) =>
        {
            var violations = new FieldViolations();
            ClosureMap.Read(closure, violations, now);
            return violations.Any
                ? Task.FromResult(Pending<AccountClosure>.Refused(i, closure, Refuse.Item(violations)))
                : Pending<AccountClosure>.FindAsync(i, closure, route.ByAccountAsync(request.TenantId, closure.AccountId), static () =>
                    Refuse.Item(Reasons.AccountNotFound, "No debtor has this account."));
        }));
        var results = await OrderedBatch.RunAsync(
            pending, static p => p.Keys, p => AnswerAsync(p, (grain, body) => grain.CloseAccount(new Submission(body, actor))));
        return new CloseAccountsResponse { Results = { results } };
    }

    public override async Task<TransferAccountsResponse> TransferAccounts(TransferAccountsRequest request, ServerCallContext context)
    {
        RefuseWhileDraining();
        BatchSize.Check("transfers", request.Transfers.Count);
        var now = Now();
        var actor = AccessInterceptor.Caller(context).Actor;
        var pending = await Task.WhenAll(request.Transfers.Select((transfer, i) =>
        {
            var violations = new FieldViolations();
            TransferMap.Read(transfer, violations, now);
            return violations.Any
                ? Task.FromResult(Pending<AccountTransfer>.Refused(i, transfer, Refuse.Item(violations)))
                : Pending<AccountTransfer>.FindAsync(i, transfer, route.ByAccountAsync(request.TenantId, transfer.AccountId), static () =>
                    Refuse.Item(Reasons.AccountNotFound, "No debtor has this account."));
        }));
        var results = await OrderedBatch.RunAsync(
            pending, static p => p.Keys, p => AnswerAsync(p, (debtor, body) => debtor.TransferAccount(new Submission(body, actor))));
        return new TransferAccountsResponse { Results = { results } };
    }

    public override async Task<UpsertContactHistoryResponse> UpsertContactHistory(UpsertContactHistoryRequest request, ServerCallContext context)
    {
        RefuseWhileDraining();
        BatchSize.Check("contacts", request.Contacts.Count);
        var now = Now();
        var actor = AccessInterceptor.Caller(context).Actor;
        var pending = request.Contacts.Select((contact, i) =>
        {
            var violations = new FieldViolations();
            violations.Id("debtor_id", contact.DebtorId);
            ContactMap.Read(contact, violations, now);
            return violations.Any
                ? Pending<ExternalContact>.Refused(i, contact, Refuse.Item(violations))
                : Pending<ExternalContact>.To(i, contact, DebtorRoute.KeyOf(request.TenantId, contact.DebtorId));
        }).ToArray();
        // Those of one debtor go together: one turn and one write, however many a file has of it.
        var groups = pending.Where(static p => p.Refusal is null).GroupBy(static p => p.Keys[0], StringComparer.Ordinal)
            .SelectMany(static debtor => debtor.Chunk(ContactsPerTurn)).ToList();
        var answered = await OrderedBatch.RunAsync(groups, static group => group[0].Keys, group => SeedAsync(group, actor));
        var results = pending.Select(static p => new ItemResult { ItemIndex = p.Index, Status = p.Refusal }).ToArray();
        foreach (var result in answered.SelectMany(static group => group)) results[result.ItemIndex] = result;
        return new UpsertContactHistoryResponse { Results = { results } };
    }

    private async Task ApplyAsync(
        EnqueueAccountsRequest request, List<IntakeEntry> admitted, List<int> places, EnqueueAccountsResponse response, ServerCallContext context)
    {
        IReadOnlyList<EntryAnswer>? answers;
        try
        {
            answers = request.ValidateOnly
                ? await intake.CheckAsync(admitted, context.CancellationToken)
                : await intake.EnqueueAsync(admitted, AccessInterceptor.Caller(context).Actor, context.CancellationToken);
        }
        catch (Exception failure) when (FailureInterceptor.ItemStatus(failure) is { } status)
        {
            // What was refused at the border stays refused: only the entries that went in are in doubt.
            foreach (var place in places)
            {
                response.Results[place].State = EntryState.Rejected;
                response.Results[place].Status = status.Clone();
            }

            return;
        }

        if (answers is null)
        {
            throw Refuse.Quota(Reasons.BacklogFull, "Too many entries are in flight.", "entries_in_flight", "Entries being written at the same time.");
        }

        for (var i = 0; i < answers.Count; i++)
        {
            var result = response.Results[places[i]];
            result.State = (EntryState)(int)answers[i].Outcome;
            if (answers[i].WakeAt is { } wake) result.WakeTime = ScalarMap.ToProto(Instant.FromDateTimeOffset(wake));
            if (answers[i].Fault is { } fault) result.Status = Refuse.Item(fault);
        }
    }

    /// <summary>Done when every debtor it is about has it; a duplicate when all had it before.</summary>
    private async Task<ItemResult> AnswerAsync<TItem>(Pending<TItem> pending, Func<IDebtorGrain, ReadOnlyMemory<byte>, Task<ItemAnswer>> call)
        where TItem : IMessage
    {
        var result = new ItemResult { ItemIndex = pending.Index, Status = pending.Refusal };
        if (pending.Refusal is not null) return result;
        var body = pending.Item.ToByteArray();
        result.Ok = true;
        result.Duplicate = true;
        foreach (var key in pending.Keys)
        {
            try
            {
                var answer = await call(route.Grain(key), body);
                result.Duplicate &= answer.Duplicate;
                if (answer.Done) continue;
                result.Ok = false;
                result.Status ??= answer.Fault is { } fault ? Refuse.Item(fault) : Refuse.Item(Reasons.Internal, "Refused without a reason.");
            }
            catch (Exception failure) when (FailureInterceptor.ItemStatus(failure) is { } status)
            {
                result.Ok = false;
                result.Status ??= status;
            }
        }

        result.Duplicate &= result.Ok;
        return result;
    }

    private async Task<IEnumerable<ItemResult>> SeedAsync(Pending<ExternalContact>[] contacts, string actor)
    {
        try
        {
            var answers = await route.Grain(contacts[0].Keys[0]).SeedContacts([.. contacts.Select(contact => new Submission(contact.Item.ToByteArray(), actor))]);
            return contacts.Zip(answers, static (contact, answer) => new ItemResult
            {
                ItemIndex = contact.Index,
                Ok = answer.Done,
                Duplicate = answer.Done && answer.Duplicate,
                Status = answer.Done ? null : answer.Fault is { } fault ? Refuse.Item(fault) : Refuse.Item(Reasons.Internal, "Refused without a reason."),
            });
        }
        catch (Exception failure) when (FailureInterceptor.ItemStatus(failure) is { } status)
        {
            return contacts.Select(contact => new ItemResult { ItemIndex = contact.Index, Status = status.Clone() });
        }
    }

    private void RefuseWhileDraining()
    {
        if (drain.IsDraining) throw Refuse.Call(Reasons.Draining, "The service is stopping.");
    }

    private Instant Now() => Instant.FromDateTimeOffset(clock.GetUtcNow());
}
