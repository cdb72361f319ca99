using System.Collections.Immutable;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using NodaTime;

namespace Scheduler.Domain.Packs;

/// <summary>How a fact that is missing is taken: the safe way depends on whether the filter binds a rule or frees from it.</summary>
public enum MissingFact : byte { DoesNotMatch = 0, Matches = 1 }

/// <summary>Facts of debtor, account, creditor, point and message. All that are given must hold; the default holds always.</summary>
public sealed record FactFilter
{
    public static readonly FactFilter Always = new();

    /// <summary>Whether a fact that is not known counts as a match. For what makes a rule bind: yes.</summary>
    public MissingFact Missing { get; init; }

    public CodeSet Collectors { get; init; } = CodeSet.All;

    public CodeSet Stages { get; init; } = CodeSet.All;

    public CodeSet Roles { get; init; } = CodeSet.All;

    public CodeSet Modes { get; init; } = CodeSet.All;

    public CodeSet PointKinds { get; init; } = CodeSet.All;

    public CodeSet Places { get; init; } = CodeSet.All;

    public CodeSet Purposes { get; init; } = CodeSet.All;

    public ImmutableArray<string> Products { get; init; } = [];

    public ImmutableArray<string> NotProducts { get; init; } = [];

    public bool? EmployerForbids { get; init; }

    public bool? TimeBarred { get; init; }

    public bool? IsConsumer { get; init; }

    public int? DaysPastDueOver { get; init; }

    /// <summary>The message also offers a product or service.</summary>
    public bool? MessagePromotes { get; init; }

    /// <summary>The debtor agreed to be contacted at this point.</summary>
    public bool? AddressAgreed { get; init; }

    /// <summary>The provider lets the debtor's last message be answered freely, at the instant of the question. For demands only: no rule is judged by it.</summary>
    public bool? SessionOpen { get; init; }

    /// <summary>Facts that the schema knows and nobody collects yet: always missing.</summary>
    public ImmutableArray<string> Uncollected { get; init; } = [];

    public ImmutableArray<FactFilter> Any { get; init; } = [];

    /// <summary>Must hold as well: what the pack as a whole asks, beside what its rule asks.</summary>
    public FactFilter? Also { get; init; }

    /// <summary>Whether the answer depends on the account, so that it is asked for each.</summary>
    public bool AsksAccount =>
        !Collectors.IsAll || !Stages.IsAll || !Products.IsEmpty || !NotProducts.IsEmpty || TimeBarred is not null || IsConsumer is not null || DaysPastDueOver is not null
        || Any.Any(filter => filter.AsksAccount) || Also is { AsksAccount: true };

    /// <summary>Whether the answer may change when a local day ends.</summary>
    public bool ChangesDaily => DaysPastDueOver is not null || Any.Any(filter => filter.ChangesDaily) || Also is { ChangesDaily: true };

    /// <summary>First local day after the one given, in days since 1970, on which the answer may be another; the last number there is: none.</summary>
    internal int NextChange(in PolicyQuestion question, int today)
    {
        var next = int.MaxValue;
        if (DaysPastDueOver is { } days && !question.Accounts.IsDefaultOrEmpty)
        {
            foreach (var account in question.Accounts)
            {
                if (account.OldestDueOn is { } due && EpochDay.From(due) + days + 1 is var day && day > today) next = Math.Min(next, day);
            }
        }

        foreach (var filter in Any) next = Math.Min(next, filter.NextChange(question, today));
        return Also is null ? next : Math.Min(next, Also.NextChange(question, today));
    }

    /// <summary>False where no contact for the purpose matches, whatever the other facts are.</summary>
    internal bool MayMatch(ContactPurpose purpose) =>
        Holds(Purposes, (int)purpose, Missing == MissingFact.Matches)
        && (Any.IsEmpty || Any.Any(filter => filter.MayMatch(purpose)))
        && (Also is null || Also.MayMatch(purpose));

    /// <param name="account">Null: no account is named, and every fact about it is missing.</param>
    public bool Matches(in PolicyQuestion question, Account? account, LocalDate today)
    {
        if (ReferenceEquals(this, Always)) return true;
        var missing = Missing == MissingFact.Matches;
        if (!Uncollected.IsEmpty && !missing) return false;
        if (!Holds(Roles, (int)question.Role, missing) || !Holds(Modes, (int)question.Mode, missing) || !Holds(Purposes, (int)question.Purpose, missing)) return false;
        if (!Holds(PointKinds, (int)question.Point.Kind, missing) || !Holds(Places, (int)question.Point.Place, missing)) return false;
        if (EmployerForbids is { } forbids && question.Debtor.Profile.EmployerForbidsContact != forbids) return false;
        if (MessagePromotes is { } promotes && !(question.Promotes is { } known ? known == promotes : missing)) return false;
        if (AddressAgreed is { } agreed && question.Point.IsAgreed != agreed) return false;
        if (SessionOpen is { } open && (question.SessionEnd(question.At) is not null) != open) return false;
        return MatchesAccount(account, today, missing) && MatchesAny(question, account, today) && (Also is null || Also.Matches(question, account, today));
    }

    private bool MatchesAny(in PolicyQuestion question, Account? account, LocalDate today)
    {
        if (Any.IsEmpty) return true;
        foreach (var filter in Any)
        {
            if (filter.Matches(question, account, today)) return true;
        }

        return false;
    }

    private bool MatchesAccount(Account? account, LocalDate today, bool missing)
    {
        if (!Holds(Collectors, (int)(account?.Collector ?? CollectorKind.Unknown), missing) || !Holds(Stages, (int)(account?.Stage ?? AccountStage.Unknown), missing)) return false;
        if (!Products.IsEmpty && !(string.IsNullOrEmpty(account?.Product) ? missing : Products.Contains(account.Product))) return false;
        if (!NotProducts.IsEmpty && (string.IsNullOrEmpty(account?.Product) ? !missing : NotProducts.Contains(account.Product))) return false;
        if (TimeBarred is { } barred && !(account?.IsTimeBarred is { } isBarred ? isBarred == barred : missing)) return false;
        if (IsConsumer is { } consumer && !(account?.IsConsumer is { } isConsumer ? isConsumer == consumer : missing)) return false;
        return DaysPastDueOver is not { } days || (account?.OldestDueOn is { } due ? due.PlusDays(days) < today : missing);
    }

    private static bool Holds(CodeSet set, int code, bool missing) => set.IsAll || set.Contains(code) || (code == 0 && missing);
}
