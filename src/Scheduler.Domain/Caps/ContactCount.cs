using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Caps;

/// <summary>Counts recorded contacts against one rule. A contact counts on every local date it may have had.</summary>
internal static class ContactCount
{
    /// <summary>A counter kept per debt or account is asked for each account that the contact would speak of.</summary>
    /// <param name="counted">The rule's predicate as a table over <see cref="CountedFacts"/>.</param>
    public static Finding Check(Rule.Counter rule, ulong[] counted, in PolicyQuestion question, in Moment moment)
    {
        if (question.Debtor.Contacts.IsEmpty && !SharedCount.Sees(rule, question)) return rule.Limit > 0 ? Finding.Permit : Finding.Forbid;
        if (!IsPerAccount(rule) || question.Accounts.IsDefaultOrEmpty) return CheckSubject(rule, counted, question, moment, null);
        var worst = Finding.Permit;
        foreach (var account in question.Accounts)
        {
            if (question.Accounts.Length > 1 && !rule.When.Matches(question, account, moment.Last)) continue;
            var finding = CheckSubject(rule, counted, question, moment, account);
            if (!finding.IsPermit && (worst.IsPermit || finding.At > worst.At)) worst = finding;
        }

        return worst;
    }

    public static bool IsPerAccount(Rule.Counter rule) => (rule.Scope & (CountScope.Debt | CountScope.Account)) != 0;

    /// <summary>Used of one period, for explanations: settled and provisional apart, and the dates looked at.</summary>
    public static CapUse Use(Rule.Counter rule, CountPeriod period, in PolicyQuestion question, in Moment moment, Account? account)
    {
        var (settled, provisional) = (0, 0);
        foreach (var contact in question.Debtor.Contacts)
        {
            if (!IsWithin(period, contact, moment) || !Counts(rule, contact, question, account)) continue;
            if (contact.Standing == ContactStanding.Settled) settled++;
            else provisional++;
        }

        var first = period.Kind == CountPeriodKind.Rolling ? moment.Candidates.LocalDates(moment.At - period.Duration).First : period.FirstCounted(moment.FirstDay);
        var scopeKey = account is null ? (rule.Scope & CountScope.Household) != 0 ? "household" : "person" : (rule.Scope & CountScope.Debt) != 0 ? DebtOf(account) : account.Id.Value;
        var byOthers = SharedCount.Used(rule, period, question, moment, account);
        return new CapUse($"{(rule.IsClosing ? "closed by a contact" : "contacts counted")}, {period}", scopeKey, settled + byOthers, provisional, rule.IsClosing ? 0 : rule.Limit, first, moment.Last)
        {
            ByOthers = byOthers,
        };
    }

    private static Finding CheckSubject(Rule.Counter rule, ulong[] counted, in PolicyQuestion question, in Moment moment, Account? account)
    {
        var next = Instant.MinValue;
        foreach (var period in rule.Periods)
        {
            var used = SharedCount.Used(rule, period, question, moment, account);
            var first = period.Kind == CountPeriodKind.Rolling ? LocalDate.MinIsoValue : period.FirstCounted(moment.FirstDay);
            var contacts = question.Debtor.Contacts;
            for (var index = 0; index < contacts.Length; index++)
            {
                var contact = contacts[index];
                if (contact.LastDate < first || !IsCountedFact(counted, moment.FactsOf(contacts, index))) continue;
                if (period.Kind == CountPeriodKind.Rolling && !IsWithin(period, contact, moment)) continue;
                if (CountsButFacts(rule, contact, question, account)) used++;
            }

            if (used >= rule.Limit) next = Instant.Max(next, Release(rule, period, question, moment, account));
        }

        return next == Instant.MinValue ? Finding.Permit : Finding.DeferUntil(next);
    }

    /// <summary>When so many of the counted contacts have run out that one more fits.</summary>
    private static Instant Release(Rule.Counter rule, CountPeriod period, in PolicyQuestion question, in Moment moment, Account? account)
    {
        var releases = new List<Instant>();
        foreach (var contact in question.Debtor.Contacts)
        {
            if (!IsWithin(period, contact, moment) || !Counts(rule, contact, question, account)) continue;
            releases.Add(ReleaseOf(contact, period, moment));
        }

        SharedCount.AddReleases(rule, period, question, moment, account, releases);

        if (rule.Limit <= 0) return Instant.MaxValue;
        releases.Sort();
        return releases[releases.Count - rule.Limit];
    }

    /// <summary>When the contact counts no more in the period.</summary>
    public static Instant ReleaseOf(ContactRecord contact, CountPeriod period, in Moment moment) => period.Kind == CountPeriodKind.Rolling
        ? contact.PlacedAt + period.Duration
        : moment.Candidates.StartEverywhere(period.ReleasedOn(contact.LastDate));

    public static bool IsWithin(CountPeriod period, ContactRecord contact, in Moment moment) =>
        period.Kind == CountPeriodKind.Rolling ? contact.PlacedAt + period.Duration > moment.At : contact.LastDate >= period.FirstCounted(moment.FirstDay);

    private static bool IsCountedFact(ulong[] counted, CountedFacts facts) => (counted[(int)facts >> 6] & (1UL << ((int)facts & 63))) != 0;

    private static bool Counts(Rule.Counter rule, ContactRecord contact, in PolicyQuestion question, Account? account) =>
        rule.Counts.Facts.Matches(contact.Effective()) && CountsButFacts(rule, contact, question, account);

    private static bool CountsButFacts(Rule.Counter rule, ContactRecord contact, in PolicyQuestion question, Account? account)
    {
        if (rule.Governs.OtherThanCounted && contact.Channel == question.Channel) return false;
        if (!rule.Counts.MatchesAllButFacts(contact) || question.Leaves(contact.Id)) return false;
        var scope = rule.Scope;
        if (scope == CountScope.Person) return true;
        if ((scope & CountScope.Channel) != 0 && contact.Channel != question.Channel) return false;
        if ((scope & CountScope.Point) != 0 && contact.Point.Value is { Length: > 0 } && contact.Point != question.Point.Id) return false;
        if ((scope & CountScope.Creditor) != 0 && contact.CreditorId.Length > 0 && question.Creditor() is { Length: > 0 } creditor && contact.CreditorId != creditor) return false;
        return account is null || IsAbout(contact, account, question.Debtor, rule);
    }

    /// <summary>An attempt is about all accounts on it, a conversation about those discussed; one that names none is about every account.</summary>
    private static bool IsAbout(ContactRecord contact, Account account, DebtorState debtor, Rule.Counter rule)
    {
        var isDebt = (rule.Scope & CountScope.Debt) != 0;
        if (rule.Counts.Facts.IsConversation && !contact.Discussed.IsDefaultOrEmpty) return Names(contact.Discussed, account, debtor, isDebt);
        if (contact.Accounts.IsDefaultOrEmpty && contact.Discussed.IsDefaultOrEmpty) return true;
        return Names(contact.Accounts, account, debtor, isDebt) || Names(contact.Discussed, account, debtor, isDebt);
    }

    private static bool Names(System.Collections.Immutable.ImmutableArray<AccountId> ids, Account account, DebtorState debtor, bool isDebt)
    {
        if (ids.IsDefault) return false;
        foreach (var id in ids)
        {
            if (id == account.Id) return true;
            if (!isDebt) continue;
            foreach (var other in debtor.Accounts)
            {
                if (other.Id == id && DebtOf(other) == DebtOf(account)) return true;
            }
        }

        return false;
    }

    private static string DebtOf(Account account) => account.DebtKey.Length > 0 ? account.DebtKey : account.Id.Value;
}
