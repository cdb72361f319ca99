using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Pauses;
using Scheduler.Domain.Planning;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Debtors;

/// <content>Contacts that no plan asks for.</content>
public static partial class DebtorDecider
{
    /// <summary>A lease that lives already, as the rule that refuses a second one.</summary>
    public const string LiveLease = "lease.live";

    /// <summary>
    /// May the debtor be contacted so, now, though no plan asks for it? Judged and counted as any dispatch; the plans stay where they are. The
    /// same request is answered with the same lease while that lives.
    /// </summary>
    public static Decision<AuthorizeReply> Authorize(DebtorState state, AuthorizeCommand c, DecisionContext ctx, Instant now)
    {
        var key = Digests.KeyOf("authorize", c.PullId);
        var body = Digests.Of(c);
        if (!c.OnlyAsks && Requests.Seen(state, key, body) is var seen && seen != ApplyState.Recorded) return Unwritten(Repeated(state, c, ctx, now, seen));
        c = AliasNames.Translate(state, c);
        var d = new Draft(state, ctx, now);
        TimePassed.Settle(d);
        if (state.Quarantine is not null) return Unwritten(Refused(Verdict.Forbid(QuarantineRule)));
        if (d.State.Lease is { } live) return Unwritten(Refused(Verdict.DeferUntil(live.ExpiresAt + ctx.Terms.Skew, LiveLease)));
        if (ctx.Pauses.Find(new PausableWork(state.Key.Tenant, c.Channel, GatewayId: c.GatewayId), now) is { } pause) return Unwritten(Refused(Pausing.Verdict(pause)));
        if (Wanted(d.State, c, out var refusal) is not { } groups) return Unwritten(Wrong(refusal!));
        var (asked, verdict) = Choose(d, c, groups);
        if (asked is not { } one) return Unwritten(Refused(verdict));
        if (c.OnlyAsks || !verdict.IsPermit) return Unwritten(Explained(d, c, one, verdict));

        var expiresAt = now + ctx.Terms.Clamp(c.Duration);
        var notAfter = Instant.Min(verdict.At, expiresAt);
        if (notAfter - now < ctx.Terms.LeastUseful) return Unwritten(Explained(d, c, one, verdict));
        var lease = LeaseOf(d, c, one, verdict, expiresAt, notAfter);
        d.State = d.State with { Lease = lease };
        d.Remember(key, body);
        d.Record(new DebtorEvent.Leased(now, lease, Proof(d, lease, state.Contacts)));
        d.Put(d.RecordOf(lease, now));
        d.DropOldContacts();
        Planner.Plan(d);
        return d.Answer(new AuthorizeReply(lease, one.Point, verdict, one.Notices, null, null));
    }

    /// <summary>What is asked of the rules: one point, accounts of one creditor, and the notices that such a contact must carry.</summary>
    private readonly record struct Wish(ContactPoint Point, ImmutableArray<Account> Accounts, ImmutableArray<string> Notices);

    private static AuthorizeReply Repeated(DebtorState state, AuthorizeCommand c, DecisionContext ctx, Instant now, ApplyState seen)
    {
        if (seen == ApplyState.Rejected) return Wrong(Requests.Reused);
        if (state.Lease is not { } lease || lease.PullId != c.PullId || lease.GatewayId != c.GatewayId || now >= lease.ExpiresAt)
        {
            return Wrong(new(RefusalReasons.LeaseLapsed, "", "The lease that this request was given is over."));
        }

        if (lease.IsRevoked) return Wrong(new(RefusalReasons.LeaseRevoked, "", lease.RevokedFor));
        var d = new Draft(state, ctx, now);
        return new AuthorizeReply(lease, PointOf(state.Points, lease.Point), Verdict.PermitUntil(lease.NotAfter, lease.DeliverBefore, lease.IsCounted), Rules.NoticesOf(d, lease), null, null);
    }

    /// <summary>The accounts that may be meant, by creditor in the order of entry; null: the request names what there is not.</summary>
    private static ImmutableArray<ImmutableArray<Account>>? Wanted(DebtorState state, AuthorizeCommand c, out Refusal? refusal)
    {
        refusal = null;
        if (c.Point != default && PointOf(state.Points, c.Point) is null) refusal = new(RefusalReasons.UnknownPoint, "point_id", "The debtor has no such point.");
        var named = ImmutableArray.CreateBuilder<Account>(c.Accounts.Length);
        foreach (var id in c.Accounts)
        {
            var index = Changes.IndexOf(state.Accounts, id);
            if (index < 0 || !state.Accounts[index].IsOpen) refusal ??= new(RefusalReasons.UnknownAccount, "account_ids", "The debtor has no such open account.");
            else named.Add(state.Accounts[index]);
        }

        if (refusal is not null) return null;
        var meant = named.Count > 0 ? named.ToImmutable() : state.Accounts.RemoveAll(static account => !account.IsOpen);
        var groups = meant.GroupBy(static account => account.CreditorId, StringComparer.Ordinal).Select(static group => group.ToImmutableArray()).ToImmutableArray();
        if (named.Count > 0 && groups.Length > 1) refusal = new(RefusalReasons.Invalid, "account_ids", "One contact never speaks for two creditors.");
        return refusal is null ? groups : null;
    }

    /// <summary>The first creditor and point that are permitted; else the first that was refused. A rule against one account leaves out that account.</summary>
    private static (Wish?, Verdict) Choose(Draft d, AuthorizeCommand c, ImmutableArray<ImmutableArray<Account>> groups)
    {
        Wish? first = null;
        var refused = Verdict.Forbid(groups.IsEmpty ? Rules.AccountGone : Rules.NoPoint);
        foreach (var group in groups)
        {
            foreach (var point in PointsFor(d.State, c))
            {
                var (wish, verdict) = Ask(d, c, point, group);
                if (verdict.IsPermit) return (wish, verdict);
                if (first is not null) continue;
                (first, refused) = (wish, verdict);
            }
        }

        return (first, refused);
    }

    private static IEnumerable<ContactPoint> PointsFor(DebtorState state, AuthorizeCommand c)
    {
        if (c.Point == default) return PointChoice.For(state, c.Channel);
        return state.Points.Where(point => point.Id == c.Point && PointChoice.Carries(point, c.Channel));
    }

    private static (Wish, Verdict) Ask(Draft d, AuthorizeCommand c, ContactPoint point, ImmutableArray<Account> accounts)
    {
        var whole = Asked(d, c, point, accounts, out var all);
        if (whole.IsPermit || accounts.Length == 1 || !c.Accounts.IsEmpty) return (all, whole);
        var permitted = accounts.RemoveAll(account => !Asked(d, c, point, [account], out _).IsPermit);
        if (permitted.IsEmpty) return (all, whole);
        var some = Asked(d, c, point, permitted, out var wish);
        return some.IsPermit ? (wish, some) : (all, whole);
    }

    private static Verdict Asked(Draft d, AuthorizeCommand c, ContactPoint point, ImmutableArray<Account> accounts, out Wish wish)
    {
        var question = QuestionOf(d, c, new Wish(point, accounts, []));
        wish = new Wish(point, accounts, PolicyEvaluator.RequiredNotices(question, d.Context.Policy));
        return Rules.Bounded(d, PolicyEvaluator.Evaluate(QuestionOf(d, c, wish), d.Context.Policy));
    }

    private static PolicyQuestion QuestionOf(Draft d, AuthorizeCommand c, Wish wish) => new()
    {
        Debtor = d.State,
        Channel = c.Channel,
        Point = wish.Point,
        Accounts = wish.Accounts,
        At = d.Now,
        Purpose = c.Purpose,
        Mode = c.Mode,
        Role = Rules.RoleOf(wish.Accounts),
        Notices = wish.Notices,
        Promotes = c.Promotes,
        InReplyTo = c.InReplyTo,
        ExceptContact = "",
        Shared = d.Context.Shared,
    };

    private static AuthorizeReply Refused(Verdict verdict) => new(null, null, verdict, [], null, null);

    private static AuthorizeReply Wrong(Refusal refusal) => new(null, null, null, [], null, refusal);

    private static AuthorizeReply Explained(Draft d, AuthorizeCommand c, Wish wish, Verdict verdict) =>
        new(null, wish.Point, verdict, wish.Notices, PolicyEvaluator.Explain(QuestionOf(d, c, wish), d.Context.Policy), null);

    private static Lease LeaseOf(Draft d, AuthorizeCommand c, Wish wish, Verdict verdict, Instant expiresAt, Instant notAfter) => new()
    {
        Dispatch = DispatchId.Of(d.State.Key.Debtor, c.NextVersion),
        Fence = c.NextVersion,
        GatewayId = c.GatewayId,
        InstanceId = c.InstanceId,
        PullId = c.PullId,
        Channel = c.Channel,
        Point = wish.Point.Id,
        Mode = c.Mode,
        Purpose = c.Purpose,
        Role = Rules.RoleOf(wish.Accounts),
        Accounts = [.. wish.Accounts.Select(static account => account.Id)],
        PlannedFor = wish.Accounts[0].Id,
        StepId = Plans.UnplannedStep,
        LeasedAt = d.Now,
        ExpiresAt = expiresAt,
        NotAfter = notAfter,
        DeliverBefore = verdict.DeliverBefore,
        IsCounted = verdict.IsCounted,
        InReplyTo = c.InReplyTo,
        AgentId = c.AgentId,
        Promotes = c.Promotes,
    };
}
