using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Strategies;

namespace Scheduler.Domain.Planning;

/// <summary>
/// Where each open account stands in its strategy. Late steps never pile up: the latest step whose day has come is the current one,
/// earlier ones are passed for good and said so. A new plan begins at its current step; what lay before it was never part of it.
/// </summary>
internal static class Plans
{
    /// <summary>Step id of a call that the debtor asked for; no strategy has it.</summary>
    public const string CallbackStep = "callback";

    /// <summary>Step id of a contact that no plan asked for; no strategy has it.</summary>
    public const string UnplannedStep = "unplanned";

    /// <summary>One plan per open account that has a strategy, each at its current step.</summary>
    public static void Sync(Draft d)
    {
        var plans = ImmutableArray.CreateBuilder<AccountPlan>(d.State.Accounts.Length);
        foreach (var account in d.State.Accounts)
        {
            if (!account.IsOpen) continue;
            var plan = Find(d.State, account.Id);
            if (plan is not null && d.State.Lease is { } lease && lease.Accounts.Contains(account.Id))
            {
                plans.Add(plan);
                continue;
            }

            if (StrategyOf(d, account, ref plan) is { } strategy) plans.Add(Advance(d, account, plan, strategy));
        }

        Replace(d, plans.DrainToImmutable());
    }

    public static AccountPlan? Find(DebtorState state, AccountId account)
    {
        foreach (var plan in state.Plans)
        {
            if (plan.Account == account) return plan;
        }

        return null;
    }

    public static void Set(Draft d, AccountPlan changed)
    {
        for (var index = 0; index < d.State.Plans.Length; index++)
        {
            if (d.State.Plans[index].Account == changed.Account) d.State = d.State with { Plans = d.State.Plans.SetItem(index, changed) };
        }
    }

    /// <summary>The lease's step was done, for every account that was on it.</summary>
    public static void StepDone(Draft d, Lease lease)
    {
        if (lease.StepId == CallbackStep)
        {
            if (d.State.Callback is not null) d.State = d.State with { Callback = null };
            return;
        }

        foreach (var plan in d.State.Plans)
        {
            if (IsOn(plan, lease)) Set(d, After(d, plan));
        }
    }

    /// <summary>The plan's present step is what was leased: for the account it was planned for, or for one that went along.</summary>
    public static bool IsOn(AccountPlan plan, Lease lease) =>
        lease.StepId != UnplannedStep && lease.Accounts.Contains(plan.Account) && plan.StepId.Length > 0 && (plan.Account == lease.PlannedFor ? plan.StepId == lease.StepId : plan.DueAt <= lease.LeasedAt);

    /// <summary>Passes the present step for good and moves to the next.</summary>
    public static AccountPlan Pass(Draft d, Account account, AccountPlan plan, StepPassing passing, Instant at, string ruleId)
    {
        var day = d.Context.Strategies.FindStep(plan.StrategyVersion, plan.StepId)?.Day ?? plan.LastDay;
        d.Record(new DebtorEvent.StepPassed(at, plan.Account, plan.StrategyVersion, plan.StepId, day, passing, ruleId));
        var next = After(d, plan);
        if (d.Context.Strategies.FindVersion(plan.StrategyVersion) is { } strategy) next = Advance(d, account, next, strategy);
        Set(d, next);
        return next;
    }

    /// <summary>First instant of the day of the step after the present one; null when there is none.</summary>
    public static Instant? NextStepAt(Draft d, Account account, Strategy strategy, int afterDay)
    {
        foreach (var step in strategy.Steps)
        {
            if (step.Day > afterDay) return StartOf(d, account, step);
        }

        return null;
    }

    /// <summary>First instant at which the step's day has come in every zone.</summary>
    public static Instant StartOf(Draft d, Account account, Step step) => d.Zones.StartEverywhere(DayZero(d, account).PlusDays(step.Day));

    public static LocalDate DayZero(Draft d, Account account) => account.OldestDueOn ?? d.LocalDates(account.EnteredAt).First;

    /// <summary>
    /// Day zero moves later: the account was paid up to a later debt. Days done keep their place on the calendar; where all of them lie
    /// before the new day zero, the plan begins anew.
    /// </summary>
    public static void Rebase(Draft d, Account former, Account account)
    {
        if (Find(d.State, former.Id) is not { } plan) return;
        var moved = Period.DaysBetween(DayZero(d, former), DayZero(d, account with { EnteredAt = former.EnteredAt }));
        if (moved <= 0) return;
        if (d.State.Lease is { } lease && lease.Accounts.Contains(plan.Account)) Set(d, plan with { LastDay = Math.Max(plan.LastDay - moved, -1) });
        else if (plan.LastDay < moved) d.State = d.State with { Plans = d.State.Plans.Remove(plan) };
        else Set(d, plan with { LastDay = plan.LastDay - moved, StepId = "", DueAt = null, LapsesAt = null, LeaseCount = 0, NotPlacedCount = 0 });
    }

    private static AccountPlan Advance(Draft d, Account account, AccountPlan? known, Strategy strategy)
    {
        var isNew = known is null;
        var plan = known ?? new AccountPlan { Account = account.Id, StrategyVersion = strategy.VersionId };
        var daysPastDue = Period.DaysBetween(DayZero(d, account), d.LocalDates(d.Now).First);
        while (true)
        {
            // Each turn leaves a step behind for good, so there are at most as many turns as steps.
            if (Target(strategy, plan.LastDay, daysPastDue) is not { } step) return plan with { StepId = "", DueAt = null, LapsesAt = null };
            plan = Overtake(d, plan, strategy, step.Day, isSaid: !isNew);
            plan = At(d, account, plan, step, isNew);
            if (step.Day > daysPastDue) return plan;
            if (step.Condition == StepCondition.IfNoAnswer && HasAnswered(d, account, strategy, step))
            {
                plan = Leave(d, plan, step, StepPassing.Answered, d.Now);
            }
            else if (plan.LapsesAt is { } lapses && lapses <= d.Now)
            {
                plan = Leave(d, plan, step, StepPassing.Lapsed, lapses);
            }
            else
            {
                return plan;
            }
        }
    }

    /// <summary>The latest step whose day has come, else the next one to come.</summary>
    private static Step? Target(Strategy strategy, int lastDay, int daysPastDue)
    {
        Step? target = null;
        foreach (var step in strategy.Steps)
        {
            if (step.Day <= lastDay) continue;
            if (target is not null && step.Day > daysPastDue) break;
            target = step;
            if (step.Day > daysPastDue) break;
        }

        return target;
    }

    private static AccountPlan Overtake(Draft d, AccountPlan plan, Strategy strategy, int byDay, bool isSaid)
    {
        var last = plan.LastDay;
        foreach (var step in strategy.Steps)
        {
            if (step.Day <= plan.LastDay || step.Day >= byDay) continue;
            last = step.Day;
            if (isSaid) d.Record(new DebtorEvent.StepPassed(d.Now, plan.Account, plan.StrategyVersion, step.Id, step.Day, StepPassing.Overtaken, ""));
        }

        return last == plan.LastDay ? plan : plan with { LastDay = last };
    }

    /// <summary>The plan at the step. A step whose day was over when the plan began is due at once, and lapses from then.</summary>
    private static AccountPlan At(Draft d, Account account, AccountPlan plan, Step step, bool isNew)
    {
        var isThere = plan.StepId == step.Id;
        if (isThere && (plan.DueAt <= d.Now || plan.LeaseCount > 0 || plan.NotPlacedCount > 0)) return plan;
        var start = StartOf(d, account, step);
        var due = isNew ? Instant.Max(start, d.Now) : start;
        var lapses = d.Zones.StartEverywhere(d.LocalDates(due).First.PlusDays(step.LapseAfterDays));
        if (isThere) return plan.DueAt == due && plan.LapsesAt == lapses ? plan : plan with { DueAt = due, LapsesAt = lapses };
        return plan with { StepId = step.Id, DueAt = due, LapsesAt = lapses, LeaseCount = 0, NotPlacedCount = 0 };
    }

    private static AccountPlan Leave(Draft d, AccountPlan plan, Step step, StepPassing passing, Instant at)
    {
        d.Record(new DebtorEvent.StepPassed(at, plan.Account, plan.StrategyVersion, step.Id, step.Day, passing, ""));
        return After(d, plan);
    }

    private static AccountPlan After(Draft d, AccountPlan plan) => plan with
    {
        LastDay = d.Context.Strategies.FindStep(plan.StrategyVersion, plan.StepId)?.Day ?? plan.LastDay,
        StepId = "",
        DueAt = null,
        LapsesAt = null,
        LeaseCount = 0,
        NotPlacedCount = 0,
    };

    /// <summary>The debtor spoke or wrote about the account on or after the day of the step before.</summary>
    private static bool HasAnswered(Draft d, Account account, Strategy strategy, Step step)
    {
        var sinceDay = 0;
        foreach (var before in strategy.Steps)
        {
            if (before.Day < step.Day) sinceDay = before.Day;
        }

        var since = DayZero(d, account).PlusDays(sinceDay);
        foreach (var contact in d.State.Contacts)
        {
            if (!contact.IsInbound && contact.Facts.TwoWay != true) continue;
            if (contact.LastDate >= since && (contact.Accounts.IsEmpty || contact.Accounts.Contains(account.Id) || contact.Discussed.Contains(account.Id))) return true;
        }

        return false;
    }

    /// <summary>The strategy an account runs on. A running version is kept while it exists; another strategy starts a new plan.</summary>
    private static Strategy? StrategyOf(Draft d, Account account, ref AccountPlan? plan)
    {
        var strategies = d.Context.Strategies;
        var wanted = account.StrategyId.Length > 0 ? strategies.Find(account.StrategyId) : strategies.DefaultOf(CountryOf(d));
        if (plan is null) return wanted;
        var running = strategies.FindVersion(plan.StrategyVersion);
        if (running is not null && running.Id == wanted?.Id) return running;
        if (plan.StepId.Length > 0)
        {
            d.Record(new DebtorEvent.StepPassed(d.Now, plan.Account, plan.StrategyVersion, plan.StepId, plan.LastDay, StepPassing.Replanned, ""));
        }

        var isSame = wanted is not null && plan.StrategyVersion.StartsWith(wanted.Id + "@", StringComparison.Ordinal);
        plan = isSame ? plan with { StrategyVersion = wanted!.VersionId, StepId = "", DueAt = null, LapsesAt = null } : null;
        return wanted;
    }

    private static string CountryOf(Draft d) => d.Zones.Countries is [{ Length: > 0 } first, ..] ? first : "";

    private static void Replace(Draft d, ImmutableArray<AccountPlan> plans)
    {
        if (!plans.AsSpan().SequenceEqual(d.State.Plans.AsSpan())) d.State = d.State with { Plans = plans };
    }
}
