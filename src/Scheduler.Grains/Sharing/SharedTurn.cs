using System.Collections.Immutable;
using Orleans.Storage;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Writing;
using Scheduler.Storage;
using Scheduler.Storage.Codec;
using DomainKey = Scheduler.Domain.Debtors.DebtorKey;

namespace Scheduler.Grains.Sharing;

/// <summary>
/// One turn of a debtor that shares counters: its truth is published and the others' contacts are seen; what it is about to write is claimed
/// first; what came to nothing is dropped. Debtors that share nothing never make one.
/// </summary>
internal sealed class SharedTurn
{
    private readonly IGrainFactory _grains;
    private readonly DomainKey _key;
    private readonly DebtorRecord? _before;
    private readonly PolicySnapshot _policy;
    private readonly DateTimeOffset _now;
    private readonly string _claimId;
    private readonly SortedDictionary<string, SharedView> _views = new(StringComparer.Ordinal);
    private readonly HashSet<string> _claimed = new(StringComparer.Ordinal);

    public SharedTurn(IGrainFactory grains, DomainKey key, DebtorRecord? before, PolicySnapshot policy, DateTimeOffset now, string claimId)
    {
        _grains = grains;
        _key = key;
        _before = before;
        _policy = policy;
        _now = now;
        _claimId = claimId;
    }

    /// <summary>What the other parties of all scopes add.</summary>
    public ImmutableArray<SharedContact> Others { get; private set; } = [];

    /// <summary>Claims of former turns are so old that the row can be asked what became of them.</summary>
    public bool HasOldClaims => _views.Values.Any(static view => view.HasOldClaims);

    /// <summary>A write that claims is sent by then or never.</summary>
    public DateTimeOffset WriteBefore => _now + SharedCounter.WriteWithin;

    public IEnumerable<string> OtherParties => _views.Values.SelectMany(static view => view.OtherParties).Distinct(StringComparer.Ordinal);

    /// <summary>Publishes the row's truth to the scopes and sees what others add. Throws where the row is not the newest, or a scope is full.</summary>
    public async Task OpenAsync(IEnumerable<SharedScope> scopes, bool isCurrent = false)
    {
        await Task.WhenAll(scopes.Select(scope => PublishAsync(scope, _before, isCurrent)));
        See();
    }

    /// <summary>
    /// Claims the contacts that the decision adds or changes, scope by scope in one order. False: others were first, and what they added is
    /// in <see cref="Others"/> now.
    /// </summary>
    public async Task<bool> ClaimAsync(DebtorState? after, bool isConditional)
    {
        var raised = after is null ? [] : SharedParts.Raised(_before?.State ?? after with { Contacts = [] }, after);
        foreach (var (scope, view) in _views.ToList())
        {
            var part = raised.IsEmpty ? [] : SharedParts.Of(after!, raised, SharedScope.Parse(scope), _policy, _now.ToInstant());
            if (part.IsEmpty)
            {
                if (_claimed.Contains(scope)) await DropAsync(scope);
                continue;
            }

            var claim = new SharedClaim(_key.Debtor, _claimId, _before?.Version ?? 0, SharedContactCodec.Encode(part), _now, isConditional ? view.Version : 0);
            var answer = await Grain(scope).Claim(claim);
            _views[scope] = answer;
            if (answer.Fate == SharedFate.Moved)
            {
                See();
                return false;
            }

            Ensure(answer);
            _claimed.Add(scope);
        }

        return true;
    }

    /// <summary>Nothing was written.</summary>
    public async Task GiveUpAsync()
    {
        foreach (var scope in _claimed.ToList()) await DropAsync(scope);
    }

    /// <summary>The row as it is now, at every scope.</summary>
    public Task SettleAsync(DebtorRecord after) => Task.WhenAll(_views.Keys.ToList().Select(scope => PublishAsync(SharedScope.Parse(scope), after, isCurrent: false)));

    private async Task PublishAsync(SharedScope scope, DebtorRecord? record, bool isCurrent)
    {
        var contacts = record is null ? [] : SharedParts.Of(record.State, scope, _policy, _now.ToInstant());
        var part = new SharedPart(_key.Debtor, record?.Version ?? 0, SharedContactCodec.Encode(contacts), _now, isCurrent);
        var view = await Grain(scope.ToString()).Publish(part);
        Ensure(view);
        _views[scope.ToString()] = view;
    }

    private async Task DropAsync(string scope)
    {
        _claimed.Remove(scope);
        try
        {
            await Grain(scope).Drop(_key.Debtor, _claimId);
        }
        catch (Exception failure) when (failure is OrleansException or TimeoutException)
        {
            // It counts for the others until this debtor's row has moved on, or until it is old and the row is asked.
        }
    }

    private void See()
    {
        var zones = _before is null ? null : _policy.CandidatesOf(_before.State);
        Others =
        [
            .. _views.SelectMany(static one => SharedContactCodec.Decode(one.Value.Others.Span, SharedScope.Parse(one.Key).Kind == SharedKind.Household))
                .Select(shared => zones is null ? shared : SharedParts.SeenFrom(zones, shared)),
        ];
    }

    private static void Ensure(SharedView view)
    {
        if (view.Fate == SharedFate.Behind) throw new InconsistentStateException("A shared counter knows a newer row.", "newer", "older");
        if (view.Fate != SharedFate.Done) throw new SharedCounterFullException();
    }

    private ISharedCounterGrain Grain(string scope) => _grains.GetGrain<ISharedCounterGrain>($"{_key.Tenant}/{scope}");
}

/// <summary>A shared counter has no room for a further party or claim, or others were first too often: nothing was written.</summary>
[GenerateSerializer]
public sealed class SharedCounterFullException() : OrleansException("A counter shared with other debtors is full or contended; nothing was written.");
