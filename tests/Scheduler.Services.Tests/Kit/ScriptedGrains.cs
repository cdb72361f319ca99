using System.Collections.Concurrent;
using System.Collections.Immutable;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Erasing;
using Scheduler.Grains.Gateways;
using Scheduler.Grains.Merging;
using Scheduler.Grains.Splitting;

namespace Scheduler.Services.Tests.Kit;

/// <summary>Grains that answer as a test says and note what they were asked.</summary>
internal sealed class ScriptedGrains : IGrainFactory
{
    public ConcurrentQueue<(string Key, string Call, ReadOnlyMemory<byte> Body)> Calls { get; } = new();

    public Func<string, Submission, Task<SignalAnswer>> Signal { get; set; } = (_, _) => Task.FromResult(new SignalAnswer(true, false, [], [], null));

    public Func<string, Submission, Task<ItemAnswer>> Item { get; set; } = (_, _) => Task.FromResult(new ItemAnswer(true, false, null));

    public Func<string, string, Task<ItemAnswer>> Merge { get; set; } = (_, _) => Task.FromResult(new ItemAnswer(true, false, null));

    public Func<string, FactReport, Task<FactAnswer>> Fact { get; set; } = (_, _) => Task.FromResult(new FactAnswer(FactFate.Recorded, [], null));

    public Func<string, SourceQuestion, SourceAnswer> Sources { get; set; } = static (key, _) => SourceAnswer.None(key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..]);

    public Func<string, LeaseClaim, Task<ConfirmAnswer>> Confirm { get; set; } = (_, _) =>
        Task.FromResult(new ConfirmAnswer(true, DateTimeOffset.UnixEpoch, default, null));

    public Func<string, LeaseChange> Change { get; set; } = _ => new LeaseChange(true, DateTimeOffset.UnixEpoch, null);

    public Func<string, DebtorAnswer> State { get; set; } = _ => DebtorAnswer.NotFound;

    public Func<string, ReadOnlyMemory<byte>, DebtorAnswer> Explain { get; set; } = (_, _) => DebtorAnswer.NotFound;

    public Func<long, Task<RevocationNews>> News { get; set; } = after => Task.FromResult(new RevocationNews(after, true, []));

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey =>
        typeof(TGrainInterface) == typeof(IDebtorGrain) ? (TGrainInterface)(object)new ScriptedDebtor(this, primaryKey)
        : typeof(TGrainInterface) == typeof(IMergeGrain) ? (TGrainInterface)(object)new ScriptedMerge(this, primaryKey)
        : typeof(TGrainInterface) == typeof(ISplitGrain) ? (TGrainInterface)(object)new ScriptedSplit(this, primaryKey)
        : typeof(TGrainInterface) == typeof(IGatewayGrain) ? (TGrainInterface)(object)new ScriptedGateway(this)
        : throw new NotSupportedException(typeof(TGrainInterface).Name);

    public TGrainInterface GetGrain<TGrainInterface>(long primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithIntegerKey => throw new NotSupportedException(typeof(TGrainInterface).Name);

    private sealed class ScriptedMerge(ScriptedGrains script, string key) : IMergeGrain
    {
        public Task<ItemAnswer> Merge(string into)
        {
            script.Calls.Enqueue((key, "merge " + into, default));
            return script.Merge(key, into);
        }

        public Task Resume() => Task.CompletedTask;
    }

    private sealed class ScriptedSplit(ScriptedGrains script, string key) : ISplitGrain
    {
        public Task<ItemAnswer> Split(SplitOrder order)
        {
            script.Calls.Enqueue((key, "split " + order.NewDebtor, default));
            return script.Item(key, new Submission(default, ""));
        }

        public Task Resume(string newDebtor) => Task.CompletedTask;
    }

    private sealed class ScriptedGateway(ScriptedGrains script) : IGatewayGrain
    {
        public Task Publish(RevocationNotice revocation) => Task.CompletedTask;

        public Task<RevocationNews> Take(long after, TimeSpan wait) => script.News(after);
    }

    private sealed class ScriptedDebtor(ScriptedGrains script, string key) : IDebtorGrain
    {
        public Task<EntryAnswer> ApplyEntry(Submission entry) => throw new NotSupportedException("Entries go through the intake.");

        public Task<SignalAnswer> RecordSignal(Submission signal) => Note("signal", signal.Body, () => script.Signal(key, signal));

        public Task<ItemAnswer> CloseAccount(Submission closure) => Note("close", closure.Body, () => script.Item(key, closure));

        public Task<ItemAnswer> TransferAccount(Submission transfer) => Note("transfer", transfer.Body, () => script.Item(key, transfer));

        public async Task<System.Collections.Immutable.ImmutableArray<ItemAnswer>> SeedContacts(System.Collections.Immutable.ImmutableArray<Submission> contacts)
        {
            List<ItemAnswer> answers = [];
            foreach (var contact in contacts) answers.Add(await Note($"seed of {contacts.Length}", contact.Body, () => script.Item(key, contact)));
            return [.. answers];
        }

        public Task<ItemAnswer> JoinScopes(System.Collections.Immutable.ImmutableArray<string> scopes) => throw new NotSupportedException("Scopes are joined by the intake.");

        public Task Wake(WakeHint hint) => Task.CompletedTask;

        public Task<ReplanAnswer> Replan() => throw new NotSupportedException("Debtors are planned anew by the host.");

        public Task<LeaseAnswer> Lease(LeaseRequest request) => throw new NotSupportedException("Leases go through the pull.");

        public Task<AuthorizeAnswer> Authorize(AuthorizeRequest request) => throw new NotSupportedException("Authorizations go through the pull.");

        public Task<HeldLease> ListLease(LeaseHolder holder) => Task.FromResult(HeldLease.None);

        public Task<ConfirmAnswer> Confirm(LeaseClaim claim) => Note("confirm", claim.Token, () => script.Confirm(key, claim));

        public Task<LeaseChange> Extend(LeaseExtension extension) => Note("extend", extension.Claim.Token, () => Task.FromResult(script.Change(key)));

        public Task<LeaseChange> Release(LeaseReturn lease) => Note("release", lease.Claim.Token, () => Task.FromResult(script.Change(key)));

        public Task<FactAnswer> ReportOutcome(FactReport outcome) => Note("outcome", outcome.Body, () => script.Fact(key, outcome));

        public Task<FactAnswer> ReportReceipt(FactReport receipt) => Note("receipt", receipt.Body, () => script.Fact(key, receipt));

        public Task<ItemAnswer> Resolve(ResolveOrder order) => Note("resolve " + order.DispatchId, default, () => script.Item(key, new Submission(default, order.Actor)));

        public Task<ItemAnswer> ResolveQuarantine(QuarantineOrder order) => Note("resolve quarantine", default, () => script.Item(key, new Submission(default, order.Actor)));

        public Task<SourceAnswer> FindSources(SourceQuestion question) => Task.FromResult(script.Sources(key, question));

        public Task<DebtorStanding> GetStanding() => throw new NotSupportedException("Merges go through their leader.");

        public Task<MergeAnswer> BeginMerge(string into) => throw new NotSupportedException("Merges go through their leader.");

        public Task<ItemAnswer> Absorb(string debtor) => throw new NotSupportedException("Merges go through their leader.");

        public Task EndMerge(bool completed) => throw new NotSupportedException("Merges go through their leader.");
        public Task<EraseAnswer> Erase(EraseRequest request) => Task.FromResult(new EraseAnswer(Found: true, [], []));

        public Task<EraseAnswer> EraseAlias(EraseRequest request) => Task.FromResult(new EraseAnswer(Found: true, [], []));

        public Task<ExportPermission> NoteExport(Submission asked) => Task.FromResult(ExportPermission.NoDebtor);

        public Task<SplitAnswer> BeginSplit(SplitOrder order) => throw new NotSupportedException("Splits go through their leader.");

        public Task<ItemAnswer> Receive(string source) => throw new NotSupportedException("Splits go through their leader.");

        public Task EndSplit(string newDebtor, bool completed) => throw new NotSupportedException("Splits go through their leader.");

        public Task OpenSplit() => throw new NotSupportedException("Splits go through their leader.");

        public Task<DebtorAnswer> GetState() => Task.FromResult(script.State(key));

        public Task<DebtorAnswer> Explain(ReadOnlyMemory<byte> request) => Task.FromResult(script.Explain(key, request));

        private Task<T> Note<T>(string call, ReadOnlyMemory<byte> body, Func<Task<T>> answer)
        {
            script.Calls.Enqueue((key, call, body));
            return answer();
        }
    }
}
