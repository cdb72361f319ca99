using Scheduler.Grains.Debtors;
using Scheduler.Grains.Writing;
using Scheduler.Storage;

namespace Scheduler.Grains.Sharing;

/// <summary>Keeps one shared counter: every change is durable before it is answered.</summary>
/// <remarks>
/// Invariant: the counter in memory is the one last read or written. Threading: one turn at a time. Failure: any write that throws ends the
/// activation; a second activation meets a conflict, reads and decides again once.
/// </remarks>
[GrainType("shared-counter")]
public sealed class SharedCounterGrain(ISharedCounterStore store, WriteIds ids) : Grain, ISharedCounterGrain
{
    private SharedCounter _counter = SharedCounter.Empty;
    private long _version;

    private SharedKey Key => SharedKey.Parse(this.GetPrimaryKeyString());

    public override Task OnActivateAsync(CancellationToken token) => ReadAsync();

    public async Task<SharedView> Publish(SharedPart part)
    {
        var fate = await TurnAsync((counter, _) => counter.Publish(part));
        return _counter.SeenBy(part.Debtor, fate, _version, part.Now);
    }

    public async Task<SharedView> Claim(SharedClaim claim)
    {
        var fate = await TurnAsync((counter, version) => counter.Take(claim, version));
        return _counter.SeenBy(claim.Debtor, fate, _version, claim.Now);
    }

    public Task Drop(string debtor, string claimId) => TurnAsync((counter, _) => (counter.Drop(debtor, claimId), SharedFate.Done));

    public Task Leave(SharedLeaving leaving) => TurnAsync((counter, _) => (counter.Leave(leaving), SharedFate.Done));

    private async Task<SharedFate> TurnAsync(Func<SharedCounter, long, (SharedCounter Next, SharedFate Fate)> decide)
    {
        try
        {
            for (var again = false; ; again = true)
            {
                var (next, fate) = decide(_counter, _version);
                if (ReferenceEquals(next, _counter)) return fate;
                var answer = await store.WriteAsync(new SharedWrite(Key, _version, ids.Next(), next.Encode()));
                switch (answer.Kind)
                {
                    case WriteAnswerKind.Committed:
                        (_counter, _version) = (next, answer.Version);
                        return fate;
                    case WriteAnswerKind.Conflict or WriteAnswerKind.AlreadyExists when !again:
                        await ReadAsync();
                        continue;
                    default:
                        throw new RowRefusedException(answer.Kind);
                }
            }
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    private async Task ReadAsync()
    {
        var row = await store.ReadAsync(Key);
        (_counter, _version) = row is null ? (SharedCounter.Empty, 0) : (SharedCounter.Decode(row.State.Span), row.Version);
    }
}
