using System.Collections.Immutable;
using Scheduler.Domain.Attempts;

namespace Scheduler.Domain.Caps;

/// <summary>
/// A contact with another party: who owes one of the debtor's debts too, or who is of the debtor's household. Only rules that count every
/// party see it.
/// </summary>
/// <param name="Contact">As it stands at the other party, with every date it may have had there or here.</param>
/// <param name="Debts">Account ids and debt keys that the contact was about; a contact that named none was about all of that party's.</param>
/// <param name="DebtsDiscussed">Those in fact discussed; empty: not known, so all of <paramref name="Debts"/>.</param>
/// <param name="IsHousehold">The other party is of the debtor's household.</param>
public sealed record SharedContact(ContactRecord Contact, ImmutableArray<string> Debts, ImmutableArray<string> DebtsDiscussed, bool IsHousehold)
{
    /// <summary>Contacts that it stands for: older ones of a full list are one that counts as the worst so many times.</summary>
    public int Weight { get; init; } = 1;
}
