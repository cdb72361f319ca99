using System.Collections.Immutable;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Caps;

/// <summary>Counts contacts with other parties, for rules that count over all of them. A rule kept for a person never sees them.</summary>
internal static class SharedCount
{
    /// <summary>A point is its debtor's own: a counter kept per point has nothing to share.</summary>
    public static bool Sees(Rule.Counter rule, in PolicyQuestion question) =>
        !question.Shared.IsDefaultOrEmpty && (rule.Scope & CountScope.EveryParty) != 0 && (rule.Scope & CountScope.Point) == 0;

    /// <summary>Contacts of others that count for the account, or for the household where it is null.</summary>
    public static int Used(Rule.Counter rule, CountPeriod period, in PolicyQuestion question, in Moment moment, Account? account)
    {
        if (!Sees(rule, question)) return 0;
        var used = 0;
        for (var index = 0; index < question.Shared.Length; index++)
        {
            if (IsFirst(index, rule, period, question, moment, account)) used += question.Shared[index].Weight;
        }

        return used;
    }

    /// <summary>When each of them counts no more; answers how many there are.</summary>
    public static int Releases(Rule.Counter rule, CountPeriod period, in PolicyQuestion question, in Moment moment, Account? account, Span<long> releases)
    {
        if (!Sees(rule, question)) return 0;
        var count = 0;
        for (var index = 0; index < question.Shared.Length; index++)
        {
            if (!IsFirst(index, rule, period, question, moment, account)) continue;
            var shared = question.Shared[index];
            var release = ReleaseOf(period, shared, moment);
            for (var later = index + 1; later < question.Shared.Length; later++)
            {
                var other = question.Shared[later];
                if (other.Contact.Id == shared.Contact.Id && Counts(rule, period, other, question, moment, account)) release = Math.Max(release, ReleaseOf(period, other, moment));
            }

            releases.Slice(count, shared.Weight).Fill(release);
            count += shared.Weight;
        }

        return count;
    }

    /// <summary>As many contacts as others may add.</summary>
    public static int Most(in PolicyQuestion question)
    {
        if (question.Shared.IsDefaultOrEmpty) return 0;
        var most = 0;
        foreach (var shared in question.Shared) most += shared.Weight;
        return most;
    }

    private static int LastDayOf(SharedContact shared) => EpochDay.From(shared.Contact.LastDate);

    private static long ReleaseOf(in CountPeriod period, SharedContact shared, in Moment moment) =>
        ContactCount.ReleaseOf(period, ContactCount.LastAt(shared.Contact), LastDayOf(shared), moment);

    /// <summary>
    /// It counts, and no earlier one of its id does: a contact may be there as it was and as it is about to be, or through two scopes, and
    /// counts once if any of these does.
    /// </summary>
    private static bool IsFirst(int index, Rule.Counter rule, CountPeriod period, in PolicyQuestion question, in Moment moment, Account? account)
    {
        var shared = question.Shared[index];
        if (!Counts(rule, period, shared, question, moment, account)) return false;
        for (var earlier = 0; earlier < index; earlier++)
        {
            var other = question.Shared[earlier];
            if (other.Contact.Id == shared.Contact.Id && Counts(rule, period, other, question, moment, account)) return false;
        }

        return true;
    }

    private static bool Counts(Rule.Counter rule, CountPeriod period, SharedContact shared, in PolicyQuestion question, in Moment moment, Account? account)
    {
        var contact = shared.Contact;
        if (!ContactCount.IsWithin(period, ContactCount.LastAt(contact), LastDayOf(shared), moment) || !rule.Counts.Matches(contact)) return false;
        if (rule.Governs.OtherThanCounted && contact.Channel == question.Channel) return false;
        var scope = rule.Scope;
        if ((scope & CountScope.Household) != 0 && !shared.IsHousehold) return false;
        if ((scope & CountScope.Channel) != 0 && contact.Channel != question.Channel && contact.Channel != ContactChannel.Unknown) return false;
        if ((scope & CountScope.Creditor) != 0 && contact.CreditorId.Length > 0 && question.Creditor() is { Length: > 0 } creditor && contact.CreditorId != creditor) return false;
        if (account is not null && !IsAbout(rule, shared, account)) return false;
        return !question.Leaves(contact.Id) && !IsOwn(question.Debtor, contact.Id);
    }

    private static bool IsAbout(Rule.Counter rule, SharedContact shared, Account account)
    {
        var isDebt = (rule.Scope & CountScope.Debt) != 0;
        if (rule.Counts.Facts.IsConversation && !shared.DebtsDiscussed.IsEmpty) return Names(shared.DebtsDiscussed, account, isDebt);
        return Names(shared.Debts, account, isDebt) || Names(shared.DebtsDiscussed, account, isDebt);
    }

    private static bool Names(ImmutableArray<string> debts, Account account, bool isDebt)
    {
        foreach (var debt in debts)
        {
            if (debt == account.Id.Value || (isDebt && debt == account.DebtKey)) return true;
        }

        return false;
    }

    /// <summary>One contact that stands at both, as after a debtor was split: counted once.</summary>
    private static bool IsOwn(DebtorState debtor, string id)
    {
        foreach (var contact in debtor.Contacts)
        {
            if (contact.Id == id) return true;
        }

        return false;
    }
}
