using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Audit;

/// <summary>What one lease should have known of contacts with other parties. A contact that stands at several debtors is one. Threading: one lease.</summary>
/// <param name="recordedAt">When the lease was written.</param>
internal sealed class AuditedOthers(AuditedParties parties, AuditedDebtor debtor, Instant recordedAt)
{
    /// <summary>
    /// The log is ordered by writes, a lease sees what was claimed before its own claim, and a write follows its claim within this time. Leases and
    /// confirmations claim only if nobody came between. A fact has happened and is claimed whatever others did: one that was written this shortly
    /// before the lease may have been claimed after it, so it came too late to be seen and is no violation.
    /// </summary>
    private static readonly Duration WriteWithin = Duration.FromSeconds(30);

    /// <summary>How many contacts with others count, and how many more do by late facts alone.</summary>
    /// <param name="account">Of whom; null: the household.</param>
    public (int Known, int Late) Count(Account? account, bool isDebt, Func<AuditedDebtor, AuditedContact, bool> counts)
    {
        var (known, late) = (new HashSet<string>(), new HashSet<string>());
        foreach (var party in account is null ? parties.HouseholdOf(debtor) : parties.Owing(debtor, account, isDebt))
        {
            // Whoever was taken in by another stands there with all that was theirs.
            if (party.IsAlias) continue;
            foreach (var (id, contact) in party.Contacts)
            {
                if (debtor.Contacts.ContainsKey(id) || !counts(party, contact)) continue;
                var wasKnown = contact.FormsSince(recordedAt - WriteWithin).All(form => form is not null && counts(party, form));
                (wasKnown ? known : late).Add(id);
            }
        }

        late.ExceptWith(known);
        return (known.Count, late.Count);
    }
}
