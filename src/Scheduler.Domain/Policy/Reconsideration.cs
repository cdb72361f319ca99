using Scheduler.Domain.Calendars;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>
/// When a refusal may end earlier than the rules that refuse say, because something begins: a consent given for later, an exception or a
/// pack that comes into force, a debt old enough for a release.
/// </summary>
internal static class Reconsideration
{
    /// <summary>First such instant after the moment, in ticks; never, where time alone frees nothing.</summary>
    public static long After(in PolicyQuestion question, in Moment moment)
    {
        var next = moment.NextGiven(question);
        foreach (var packs in moment.Place.Selection.Authorities)
        {
            foreach (var pack in packs) next = Math.Min(next, Begins(pack.FirstDay, moment));
        }

        return moment.Place.Selection.HasTimedRelease ? Math.Min(next, NextRelease(question, moment)) : next;
    }

    /// <summary>Whether an exception or release of the rule may come to hold by time alone.</summary>
    public static bool IsTimed(Rule rule) =>
        rule.Exceptions.Any(static exception => exception.ValidFrom is not null || exception.When.ChangesDaily) || rule is Rule.Forbid { Unless.Facts.ChangesDaily: true };

    private static long NextRelease(in PolicyQuestion question, in Moment moment)
    {
        var next = Ticks.Never;
        foreach (var bound in moment.Place.Selection.Rules)
        {
            if (bound.Rule is Rule.Forbid forbid) next = Math.Min(next, Begins(forbid.Unless.Facts.NextChange(question, moment.FirstDay), moment));
            foreach (var exception in bound.Rule.Exceptions)
            {
                if (exception.ValidFrom is { } from) next = Math.Min(next, Begins(EpochDay.From(from), moment));
                next = Math.Min(next, Begins(exception.When.NextChange(question, moment.FirstDay), moment));
            }
        }

        return next;
    }

    /// <summary>What frees must hold on every local date that it may be.</summary>
    private static long Begins(int day, in Moment moment) => day <= moment.FirstDay || day == int.MaxValue ? Ticks.Never : moment.Candidates.StartEverywhere(day);
}
