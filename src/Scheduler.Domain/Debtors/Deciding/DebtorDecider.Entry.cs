using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Debtors;

/// <summary>
/// Every decision about one debtor: state and command in, new state, events, effects and reply out. Pure: the clock is an argument.
/// </summary>
/// <remarks>Threading: static and free of state. See docs/architecture/debtor.md for states and for what may happen twice.</remarks>
public static partial class DebtorDecider
{
    /// <summary>Applies what an upstream system knows. Older than known: stale. As known: unchanged. Same version, other content: rejected.</summary>
    /// <param name="state">Null: the debtor is not known yet.</param>
    public static Decision<EntryReply> ApplyEntry(DebtorState? state, EntryCommand c, DecisionContext ctx, Instant now)
    {
        if (state is { Phase: DebtorPhase.Erased }) return Unwritten(Rejected(RefusalReasons.Erased, "", "The debtor's data were erased; this id is not used again."));
        if (state is not null && c.Key.Debtor != state.Key.Debtor) return ApplyAliasEntry(state, c, ctx, now);
        if (state is null && IsPlain(c)) return EnterNew(c, ctx, now);
        var d = new Draft(state, state ?? new DebtorState { Key = c.Key, GapsCounted = ctx.LastGap }, ctx, now);
        var digest = Digests.Of(c);
        if (state is not null && c.SourceVersion <= state.SourceVersion)
        {
            if (c.SourceVersion < state.SourceVersion) return Unwritten(new EntryReply(EntryState.Stale, state.Wake.At, null));
            return digest == state.SourceDigest
                ? Unwritten(new EntryReply(EntryState.Unchanged, state.Wake.At, null))
                : Unwritten(Rejected(RefusalReasons.KeyReused, "source_version", "This version was applied with other content."));
        }

        if (LimitOf(d.State.Accounts, d.State.Consents, c) is { } refusal) return Unwritten(new EntryReply(EntryState.Rejected, null, refusal));

        d.State = d.State with { SourceVersion = c.SourceVersion, SourceDigest = digest };
        d.Record(new DebtorEvent.EntryApplied(now, c.SourceVersion, digest, c.SnapshotId));
        return Enter(d, c);
    }

    /// <summary>Cause of what an entry says of itself.</summary>
    private const string OfEntry = "entry";

    private static Decision<EntryReply> Enter(Draft d, EntryCommand c)
    {
        var now = d.Now;
        if (c.Profile is { } profile)
        {
            d.State = d.State with { Profile = profile };
            d.Record(new DebtorEvent.ProfileReplaced(now, profile));
        }

        if (c.Points is { } points) ReplacePoints(d, points);
        BindAddresses(d, c.AddressFacts);
        foreach (var account in c.Accounts) EnterAccount(d, account);
        foreach (var consent in c.Consents)
        {
            if (!Knows(d.State, consent)) d.RecordConsent(consent, OfEntry);
        }

        RevokeIfRefused(d);
        Planner.Plan(d);
        return d.Answer(new EntryReply(EntryState.Accepted, d.State.Wake.At, null));
    }

    /// <summary>
    /// The source of a debtor that was merged into this one goes on with versions of its own. Of it come accounts, consents and points that it
    /// lists; the profile, and points that it lists no more, are this debtor's own source's affair.
    /// </summary>
    private static Decision<EntryReply> ApplyAliasEntry(DebtorState state, EntryCommand c, DecisionContext ctx, Instant now)
    {
        var merged = state.Merged.FirstOrDefault(m => m.Debtor == c.Key.Debtor);
        if (merged.Debtor is null) return Unwritten(Rejected(RefusalReasons.Invalid, "debtor_id", "This debtor was not merged into that one."));
        if (c.SourceVersion <= merged.SourceVersion)
        {
            return Unwritten(new EntryReply(c.SourceVersion < merged.SourceVersion ? EntryState.Stale : EntryState.Unchanged, state.Wake.At, null));
        }

        var named = AliasNames.Translate(state, c, out var names);
        if (LimitOf(state.Accounts, state.Consents, named) is { } refusal) return Unwritten(new EntryReply(EntryState.Rejected, null, refusal));
        var d = new Draft(state, ctx, now);
        d.State = state with { Merged = state.Merged.Replace(merged, AliasNames.With(merged, names) with { SourceVersion = c.SourceVersion }) };
        d.Record(new DebtorEvent.EntryApplied(now, c.SourceVersion, Digests.Of(c), c.SnapshotId));
        return Enter(d, named);
    }

    private static Decision<TReply> Unwritten<TReply>(TReply reply) => new(null, [], [], reply);

    private static EntryReply Rejected(string reason, string field, string detail) => new(EntryState.Rejected, null, new Refusal(reason, field, detail));

    private static Refusal? LimitOf(ImmutableArray<Account> accounts, ImmutableArray<ConsentFact> ledger, EntryCommand c)
    {
        if (c.SourceVersion <= 0) return new(RefusalReasons.Invalid, "source_version", "Must be positive.");
        if (c.Points is { } points)
        {
            if (points.Length > DebtorLimits.Points) return TooMany("contact_points", DebtorLimits.Points);
            if (HasTwice(points, static p => p.Id.Value)) return new(RefusalReasons.Invalid, "contact_points", "A point id stands twice.");
        }

        if (HasTwice(c.Accounts, static a => a.Id.Value)) return new(RefusalReasons.Invalid, "accounts", "An account id stands twice.");
        foreach (var account in c.Accounts)
        {
            if (IsNegative(account.Balance)) return new(RefusalReasons.Invalid, "accounts.balance", $"The balance of account {account.Id} is negative.");
        }

        var count = c.Accounts.Length;
        foreach (var known in accounts)
        {
            if (known.IsOpen && Changes.IndexOf(c.Accounts, known.Id) < 0) count++;
        }

        if (count > DebtorLimits.Accounts) return TooMany("accounts", DebtorLimits.Accounts);
        var grants = 0;
        foreach (var fact in c.Consents)
        {
            if (!Changes.IsRefusal(fact) && !Knows(ledger.AsSpan(), fact)) grants++;
        }

        return grants > 0 && ledger.Length + grants > DebtorLimits.Consents ? TooMany("consents", DebtorLimits.Consents) : null;
    }

    private static bool HasTwice<T>(ImmutableArray<T> items, Func<T, string> id)
    {
        if (items.Length > DebtorLimits.Accounts) return items.DistinctBy(id, StringComparer.Ordinal).Count() != items.Length;
        for (var index = 1; index < items.Length; index++)
        {
            var one = id(items[index]);
            for (var before = 0; before < index; before++)
            {
                if (id(items[before]) == one) return true;
            }
        }

        return false;
    }

    private static Refusal TooMany(string field, int limit) => new(RefusalReasons.LimitReached, field, $"A debtor has at most {limit}.");

    private static bool IsNegative(Amount amount) => amount.Units < 0 || amount.Nanos < 0;

    private static bool IsZero(Amount amount) => !string.IsNullOrEmpty(amount.Currency) && amount.Units <= 0 && amount.Nanos <= 0;

    private static bool Knows(DebtorState state, ConsentFact fact) => Knows(state.Consents.AsSpan(), fact);

    private static bool Knows(ReadOnlySpan<ConsentFact> ledger, ConsentFact fact)
    {
        foreach (var known in ledger)
        {
            if (known.Id == fact.Id) return true;
        }

        return false;
    }

    private static void ReplacePoints(Draft d, ImmutableArray<ContactPoint> points)
    {
        var former = d.State.Points;
        var merged = ImmutableArray.CreateBuilder<ContactPoint>(points.Length + 1);
        foreach (var point in points) merged.Add(KeepLearned(d.State, point));
        // One that was found closed stays on file though its source drops it: back in a later file it must not be open again.
        foreach (var known in former)
        {
            if (!known.IsOpen && merged.Count < DebtorLimits.Points && PointOf(points, known.Id) is null) merged.Add(known);
        }

        d.State = d.State with { Points = merged.ToImmutable() };
        d.Record(new DebtorEvent.PointsReplaced(d.Now, d.State.Points));
        if (d.State.Lease is not { } lease) return;
        var before = PointOf(former, lease.Point);
        var after = PointOf(d.State.Points, lease.Point);
        if (after is not { IsOpen: true } || after.Address != before?.Address) d.Revoke(RevokeReasons.PointClosed);
    }

    /// <summary>
    /// A file that lists an address as it always did does not undo what contacts have taught: a closed point stays closed until the
    /// source says otherwise (confirmed) or the address is another.
    /// </summary>
    private static ContactPoint KeepLearned(DebtorState state, ContactPoint point)
    {
        if (PointOf(state.Points, point.Id) is not { } known || known.Address != point.Address) return point;
        var isClosed = IsStillReassigned(state, known, point.ConfirmedAt);
        if (isClosed || point.Status is PointStatus.Unknown or PointStatus.Unverified) point = point with { Status = known.Status };
        if (!(point.ConfirmedAt > (known.ConfirmedAt ?? Instant.MinValue))) point = KeepChannels(known, point);
        if (known.RestsUntil is { } rest) point = point with { RestsUntil = rest };
        if (known.ConfirmedAt is { } confirmed && !(point.ConfirmedAt >= confirmed)) point = point with { ConfirmedAt = confirmed };
        return point;
    }

    /// <summary>A channel that was taken from the address is not given back by naming it again; only a newer confirmation does that.</summary>
    private static ContactPoint KeepChannels(ContactPoint known, ContactPoint point)
    {
        if (known.Channels.IsEmpty) return point;
        var left = new ChannelSet((ushort)(PointChoice.CarriedBy(point).Bits & known.Channels.Bits));
        return left.IsEmpty ? point with { Status = PointStatus.Unreachable } : point with { Channels = left };
    }

    private static ContactPoint? PointOf(ImmutableArray<ContactPoint> points, PointId id)
    {
        foreach (var point in points)
        {
            if (point.Id == id) return point;
        }

        return null;
    }

    private static void EnterAccount(Draft d, Account account)
    {
        if (account.DebtKey.Length == 0) account = account with { DebtKey = account.Id.Value };
        var index = Changes.IndexOf(d.State.Accounts, account.Id);
        if (index < 0)
        {
            account = account with { EnteredAt = d.Now, Closed = null };
            var kept = MakeRoom(d);
            d.State = d.State with { Accounts = kept.Add(account) };
        }
        else
        {
            // Paid, settled, sold and the like stay closed whatever a file says; what was recalled may be placed again.
            var known = d.State.Accounts[index];
            var closed = known.Closed == CloseReason.Recalled ? null : known.Closed;
            if (known.IsOpen) Plans.Rebase(d, known, account);
            if (known.DebtKey != account.DebtKey) d.KeepDebtOf(known);
            account = account with { EnteredAt = known.IsOpen || closed is not null ? known.EnteredAt : d.Now, Closed = closed };
            d.State = d.State with { Accounts = d.State.Accounts.SetItem(index, account) };
        }

        d.Record(Entered(d.Now, account));
        if (IsZero(account.Balance)) d.Close(account.Id, CloseReason.Paid, account.BalanceAt ?? d.Now);
    }

    private static DebtorEvent.AccountEntered Entered(Instant now, Account account) => new(now, account.Variables.IsEmpty ? account : account with { Variables = [] });

    /// <summary>Closed accounts are kept only while there is room: the log has them.</summary>
    private static ImmutableArray<Account> MakeRoom(Draft d)
    {
        var accounts = d.State.Accounts;
        while (accounts.Length >= DebtorLimits.Accounts)
        {
            var closed = -1;
            for (var index = accounts.Length - 1; index >= 0; index--)
            {
                if (!accounts[index].IsOpen) closed = index;
            }

            if (closed < 0) break;
            d.KeepDebtOf(accounts[closed]);
            accounts = accounts.RemoveAt(closed);
        }

        return accounts;
    }

    /// <summary>
    /// Whatever a new fact was about: a dispatch that may not be placed any more is withdrawn. Past its not-after it is its gateway's
    /// affair to give it back.
    /// </summary>
    private static void RevokeIfRefused(Draft d)
    {
        if (d.State.Lease is not { IsRevoked: false, ConfirmedAt: null } lease || lease.NotAfter <= d.Now) return;
        if (!Rules.AskAgain(d, lease).IsPermit) d.Revoke(RevokeReasons.RuleChanged);
    }
}
