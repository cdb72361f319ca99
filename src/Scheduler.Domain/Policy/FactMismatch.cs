using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>Which fact keeps a filter from holding, in the word of the pack's file; for explanations, where a verdict asks the filter itself.</summary>
internal static class FactMismatch
{
    /// <summary>Null: every fact that the filter asks holds.</summary>
    public static string? Of(FactFilter filter, in PolicyQuestion question, Account? account, LocalDate today)
    {
        if (filter.Matches(question, account, today)) return null;
        foreach (var (word, narrow) in Parts)
        {
            if (!(narrow(filter) with { Missing = filter.Missing }).Matches(question, account, today)) return word;
        }

        if (!filter.Any.IsEmpty && !Holds(filter.Any, question, account, today)) return $"any of {string.Join(", ", filter.Any.SelectMany(WordsOf).Distinct(StringComparer.Ordinal))}";
        return filter.Also is { } also ? Of(also, question, account, today) : "a fact that nobody collects";
    }

    /// <summary>The filter with one of its facts alone.</summary>
    private static readonly (string Word, Func<FactFilter, FactFilter> Narrow)[] Parts =
    [
        ("collector", static filter => new FactFilter { Collectors = filter.Collectors }),
        ("stage", static filter => new FactFilter { Stages = filter.Stages }),
        ("role", static filter => new FactFilter { Roles = filter.Roles }),
        ("automation", static filter => new FactFilter { Modes = filter.Modes }),
        ("point_kind", static filter => new FactFilter { PointKinds = filter.PointKinds }),
        ("place", static filter => new FactFilter { Places = filter.Places }),
        ("purpose", static filter => new FactFilter { Purposes = filter.Purposes }),
        ("product", static filter => new FactFilter { Products = filter.Products }),
        ("not_product", static filter => new FactFilter { NotProducts = filter.NotProducts }),
        ("employer_forbids", static filter => new FactFilter { EmployerForbids = filter.EmployerForbids }),
        ("time_barred", static filter => new FactFilter { TimeBarred = filter.TimeBarred }),
        ("consumer", static filter => new FactFilter { IsConsumer = filter.IsConsumer }),
        ("days_past_due_over", static filter => new FactFilter { DaysPastDueOver = filter.DaysPastDueOver }),
        ("message_promotes", static filter => new FactFilter { MessagePromotes = filter.MessagePromotes }),
        ("address_agreed", static filter => new FactFilter { AddressAgreed = filter.AddressAgreed }),
        ("session_open", static filter => new FactFilter { SessionOpen = filter.SessionOpen }),
    ];

    /// <summary>The facts that the filter asks.</summary>
    private static IEnumerable<string> WordsOf(FactFilter filter) => Parts.Where(part => part.Narrow(filter) != FactFilter.Always).Select(static part => part.Word);

    private static bool Holds(IEnumerable<FactFilter> any, in PolicyQuestion question, Account? account, LocalDate today)
    {
        foreach (var filter in any)
        {
            if (filter.Matches(question, account, today)) return true;
        }

        return false;
    }
}
