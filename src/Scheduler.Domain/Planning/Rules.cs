using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Domain.Strategies;

namespace Scheduler.Domain.Planning;

/// <summary>How decisions ask the rules: each question in one place.</summary>
internal static class Rules
{
    /// <summary>May a step be done so at an instant?</summary>
    public static Verdict Ask(Draft d, Step step, ContactPoint point, ImmutableArray<Account> accounts, Instant at) =>
        Bounded(d, PolicyEvaluator.Evaluate(QuestionOf(d, step, point, accounts, at), d.Context.Policy));

    /// <summary>A permit ends at the latest when other rules begin to decide.</summary>
    public static Verdict Bounded(Draft d, Verdict verdict) =>
        verdict.IsPermit && verdict.At > d.Context.RulesEndAt ? Verdict.PermitUntil(d.Context.RulesEndAt, verdict.DeliverBefore, verdict.IsCounted) : verdict;

    /// <summary>May the leased dispatch still be placed now? Its own reservation is left out of the counts.</summary>
    public static Verdict AskAgain(Draft d, Lease lease) =>
        Missing(d, lease, out var question) is { } missing ? Verdict.Forbid(missing) : Bounded(d, PolicyEvaluator.Evaluate(question, d.Context.Policy));

    /// <summary>What the verdict about the leased dispatch stands on.</summary>
    public static VerdictProof Prove(Draft d, Lease lease) =>
        Missing(d, lease, out var question) is null ? PolicyEvaluator.Prove(question, d.Context.Policy) : VerdictProof.Unasked;

    /// <summary>What the refusal of a step stands on.</summary>
    public static VerdictProof Prove(Draft d, Outlook refused) => refused is { Step: { } step, Point: { } point }
        ? PolicyEvaluator.Prove(QuestionOf(d, step, point, [refused.Account], d.Now), d.Context.Policy)
        : VerdictProof.Unasked;

    /// <summary>Null, or what is no longer there to be asked about.</summary>
    private static string? Missing(Draft d, Lease lease, out PolicyQuestion question)
    {
        question = default;
        var accounts = ImmutableArray.CreateBuilder<Account>(lease.Accounts.Length);
        foreach (var id in lease.Accounts)
        {
            var index = Changes.IndexOf(d.State.Accounts, id);
            if (index < 0 || !d.State.Accounts[index].IsOpen) return AccountGone;
            accounts.Add(d.State.Accounts[index]);
        }

        foreach (var point in d.State.Points)
        {
            if (point.Id != lease.Point) continue;
            if (!point.IsOpen) return NoPoint;
            question = QuestionOf(d, lease, point, accounts.DrainToImmutable());
            question = question with { Notices = NoticesOf(d, lease, question) };
            return null;
        }

        return NoPoint;
    }

    /// <summary>Notices that the leased contact carries: those of its step, or all that the rules demand of one that nobody planned.</summary>
    public static ImmutableArray<string> NoticesOf(Draft d, Lease lease)
    {
        foreach (var point in d.State.Points)
        {
            if (point.Id == lease.Point) return NoticesOf(d, lease, QuestionOf(d, lease, point, [.. d.State.Accounts.Where(account => lease.Accounts.Contains(account.Id))]));
        }

        return [];
    }

    private static ImmutableArray<string> NoticesOf(Draft d, Lease lease, in PolicyQuestion question) => lease.StepId == Plans.UnplannedStep
        ? PolicyEvaluator.RequiredNotices(question, d.Context.Policy)
        : d.Context.Strategies.FindStep(lease.StrategyVersion, lease.StepId, lease.Channel)?.Notices ?? [];

    private static PolicyQuestion QuestionOf(Draft d, Step step, ContactPoint point, ImmutableArray<Account> accounts, Instant at) => new()
    {
        Debtor = d.State,
        Channel = step.Channel,
        Point = point,
        Accounts = accounts,
        At = at,
        Purpose = step.Purpose,
        Mode = step.Mode,
        Role = RoleOf(accounts),
        Notices = step.Notices,
        Promotes = step.Promotes,
        InReplyTo = "",
        ExceptContact = "",
        Shared = d.Context.Shared,
    };

    private static PolicyQuestion QuestionOf(Draft d, Lease lease, ContactPoint point, ImmutableArray<Account> accounts) => new()
    {
        Debtor = d.State,
        Channel = lease.Channel,
        Point = point,
        Accounts = accounts,
        At = d.Now,
        Purpose = lease.Purpose,
        Mode = lease.Mode,
        Role = lease.Role,
        Promotes = lease.Promotes ?? d.Context.Strategies.FindStep(lease.StrategyVersion, lease.StepId, lease.Channel)?.Promotes,
        Notices = [],
        InReplyTo = lease.InReplyTo,
        ExceptContact = lease.Dispatch.Value,
        Shared = d.Context.Shared,
    };

    /// <summary>Refusals of the planner's own, beside those of the packs.</summary>
    public const string NoPoint = "plan.no_point";
    public const string NoStrategy = "plan.no_strategy";
    public const string StepEnds = "plan.step_ends";
    public const string Exhausted = "plan.strategy_finished";
    public const string AccountGone = "plan.account_closed";
    public const string ContactsFull = "plan.contacts_full";
    public const string Promised = "plan.promise_pending";

    /// <summary>What the person is to the accounts: the most distant role among them, since the strictest rule must be asked.</summary>
    public static PartyRole RoleOf(ImmutableArray<Account> accounts)
    {
        var role = PartyRole.Principal;
        foreach (var account in accounts)
        {
            if (account.Role == PartyRole.Unknown) return PartyRole.Unknown;
            if (account.Role > role) role = account.Role;
        }

        return role;
    }
}
