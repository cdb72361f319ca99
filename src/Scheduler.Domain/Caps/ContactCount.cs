using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Caps;

/// <summary>Counts recorded contacts against one rule. A contact counts on every local date it may have had.</summary>
internal static class ContactCount
{
    /// <summary>A counter kept per debt or account is asked for each account that the contact would speak of.</summary>
    public static Finding Check(BoundRule bound, Rule.Counter rule, in PolicyQuestion question, in Moment moment)
    {
        if (moment.Counted.Most(bound.CounterIndex) < rule.Limit && !SharedCount.Sees(rule, question)) return Finding.Permit;
        if (!IsPerAccount(rule) || question.Accounts.IsDefaultOrEmpty) return CheckSubject(bound, rule, question, moment, null);
        var worst = Finding.Permit;
        foreach (var account in question.Accounts)
        {
            if (question.Accounts.Length > 1 && !rule.When.Matches(question, account, moment.Last)) continue;
            var finding = CheckSubject(bound, rule, question, moment, account);
            if (!finding.IsPermit && (worst.IsPermit || finding.At > worst.At)) worst = finding;
        }

        return worst;
    }

    public static bool IsPerAccount(Rule.Counter rule) => (rule.Scope & (CountScope.Debt | CountScope.Account)) != 0;

    /// <summary>Used of one period, for explanations: settled and provisional apart, and the dates looked at.</summary>
    public static CapUse Use(BoundRule bound, Rule.Counter rule, CountPeriod period, in PolicyQuestion question, in Moment moment, Account? account)
    {
        var (settled, provisional) = OwnUsed(bound, rule, period, question, moment, account);
        var first = period.Kind == CountPeriodKind.Rolling ? moment.Candidates.LocalDates(moment.At - period.Duration).First : EpochDay.DateOf(period.FirstCounted(moment.FirstDay));
        var scopeKey = account is null ? (rule.Scope & CountScope.Household) != 0 ? "household" : "person" : (rule.Scope & CountScope.Debt) != 0 ? DebtOf(account) : account.Id.Value;
        var byOthers = SharedCount.Used(rule, period, question, moment, account);
        return new CapUse($"{(rule.IsClosing ? "closed by a contact" : "contacts counted")}, {period}", scopeKey, settled + byOthers, provisional, rule.IsClosing ? 0 : rule.Limit, first, moment.Last)
        {
            ByOthers = byOthers,
        };
    }

    /// <summary>Counted in one period, settled and provisional apart; those of other parties stand with the settled.</summary>
    public static (int Settled, int Provisional) Used(BoundRule bound, Rule.Counter rule, CountPeriod period, in PolicyQuestion question, in Moment moment, Account? account)
    {
        var (settled, provisional) = moment.Counted.Most(bound.CounterIndex) == 0 ? (0, 0) : OwnUsed(bound, rule, period, question, moment, account);
        return (settled + SharedCount.Used(rule, period, question, moment, account), provisional);
    }

    private static (int Settled, int Provisional) OwnUsed(BoundRule bound, Rule.Counter rule, CountPeriod period, in PolicyQuestion question, in Moment moment, Account? account)
    {
        var (settled, provisional) = (0, 0);
        for (var index = 0; index < moment.Counted.Contacts.Length; index++)
        {
            if (!Counts(bound, rule, index, question, moment, account) || !IsWithin(period, index, moment)) continue;
            if (moment.Counted.Contacts[index].Standing == ContactStanding.Settled) settled++;
            else provisional++;
        }

        return (settled, provisional);
    }

    private static Finding CheckSubject(BoundRule bound, Rule.Counter rule, in PolicyQuestion question, in Moment moment, Account? account)
    {
        if (rule.Limit <= 0) return Finding.Forbid;
        var next = long.MinValue;
        foreach (var period in rule.Periods)
        {
            var used = SharedCount.Used(rule, period, question, moment, account);
            for (var index = moment.Counted.Contacts.Length - 1; index >= 0; index--)
            {
                if (Counts(bound, rule, index, question, moment, account) && IsWithin(period, index, moment)) used++;
            }

            if (used >= rule.Limit) next = Math.Max(next, Release(bound, rule, period, question, moment, account));
        }

        return next == long.MinValue ? Finding.Permit : Finding.DeferUntil(next);
    }

    /// <summary>When so many of the counted contacts have run out that one more fits.</summary>
    private static long Release(BoundRule bound, Rule.Counter rule, CountPeriod period, in PolicyQuestion question, in Moment moment, Account? account)
    {
        var contacts = moment.Counted.Contacts;
        var most = contacts.Length + SharedCount.Most(question);
        var releases = most <= DebtorLimits.Contacts ? stackalloc long[DebtorLimits.Contacts] : new long[most];
        var count = 0;
        for (var index = 0; index < contacts.Length; index++)
        {
            if (!Counts(bound, rule, index, question, moment, account) || !IsWithin(period, index, moment)) continue;
            releases[count++] = ReleaseOf(period, LastAt(contacts[index]), moment.Counted.LastDays[index], moment);
        }

        count += SharedCount.Releases(rule, period, question, moment, account, releases[count..]);
        releases = releases[..count];
        releases.Sort();
        return releases[count - rule.Limit];
    }

    /// <summary>Hours run from the placing, or from the delivery where that came later.</summary>
    public static Instant LastAt(ContactRecord contact) => contact.DeliveredAt is { } delivered && delivered > contact.PlacedAt ? delivered : contact.PlacedAt;

    /// <summary>When a contact counts no more in the period.</summary>
    public static long ReleaseOf(in CountPeriod period, Instant lastAt, int lastDay, in Moment moment) =>
        period.Kind switch
        {
            CountPeriodKind.Rolling => Ticks.Of(lastAt) + period.Length,
            CountPeriodKind.Ever => Ticks.Never,
            _ => moment.Candidates.StartEverywhere(period.ReleasedOn(lastDay)),
        };

    public static bool IsWithin(in CountPeriod period, Instant lastAt, int lastDay, in Moment moment) =>
        period.Kind == CountPeriodKind.Rolling ? Ticks.Of(lastAt) + period.Length > moment.Ticks : lastDay >= period.FirstCounted(moment.FirstDay);

    private static bool IsWithin(in CountPeriod period, int index, in Moment moment) =>
        IsWithin(period, LastAt(moment.Counted.Contacts[index]), moment.Counted.LastDays[index], moment);

    private static bool Counts(BoundRule bound, Rule.Counter rule, int index, in PolicyQuestion question, in Moment moment, Account? account) =>
        moment.Counted.Counts(bound.CounterIndex, index) && CountsHere(rule, moment.Counted.Contacts[index], question, account);

    /// <summary>A contact that the rule counts is counted for this question: made for the same creditor, account, point or channel.</summary>
    private static bool CountsHere(Rule.Counter rule, ContactRecord contact, in PolicyQuestion question, Account? account)
    {
        if (rule.Governs.OtherThanCounted && contact.Channel == question.Channel) return false;
        if (question.Leaves(contact.Id)) return false;
        var scope = rule.Scope;
        if (scope == CountScope.Person) return true;
        if ((scope & CountScope.Channel) != 0 && contact.Channel != question.Channel && contact.Channel != ContactChannel.Unknown) return false;
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

            foreach (var former in debtor.FormerDebts)
            {
                if (former.Account == id && former.Key == DebtOf(account)) return true;
            }
        }

        return false;
    }

    private static string DebtOf(Account account) => account.DebtKey.Length > 0 ? account.DebtKey : account.Id.Value;
}
