using System.Collections.Immutable;
using System.Runtime.InteropServices;
using NodaTime;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Debtors;

/// <content>
/// The first entry of a debtor of whom nothing is known: what <see cref="Enter"/> comes to in a copy of the state for each fact is made here as one
/// state, because millions of debtors come in one call after the other.
/// </content>
public static partial class DebtorDecider
{
    /// <summary>Nothing that the entry says takes back another part of it, or is known of its addresses already.</summary>
    private static bool IsPlain(EntryCommand c)
    {
        if (!c.AddressFacts.IsEmpty || c.Consents.Length > DebtorLimits.Consents) return false;
        foreach (var consent in c.Consents)
        {
            if (consent.Kind == ConsentKind.Withdrawn) return false;
        }

        return true;
    }

    private static Decision<EntryReply> EnterNew(EntryCommand c, DecisionContext ctx, Instant now)
    {
        if (LimitOf([], [], c) is { } refusal) return Unwritten(new EntryReply(EntryState.Rejected, null, refusal));
        var digest = Digests.Of(c);
        var points = c.Points ?? [];
        var profile = c.Profile ?? DebtorProfile.Empty;
        var accounts = AccountsOf(c, now);
        var consents = ConsentsOf(c, now);
        var state = new DebtorState
        {
            Key = c.Key,
            GapsCounted = ctx.LastGap,
            SourceVersion = c.SourceVersion,
            SourceDigest = digest,
            Profile = profile,
            Points = points,
            Accounts = accounts,
            Consents = consents,
        };
        var d = new Draft(null, state, ctx, now, events: 3 + accounts.Length + consents.Length);
        d.Record(new DebtorEvent.EntryApplied(now, c.SourceVersion, digest, c.SnapshotId));
        if (c.Profile is not null) d.Record(new DebtorEvent.ProfileReplaced(now, profile));
        if (c.Points is not null) d.Record(new DebtorEvent.PointsReplaced(now, points));
        foreach (var account in accounts)
        {
            d.Record(Entered(now, account.IsOpen ? account : account with { Closed = null }));
            if (account.Closed is { } reason) d.Record(new DebtorEvent.AccountClosed(account.BalanceAt ?? now, account.Id, reason));
        }

        foreach (var consent in consents) d.Record(new DebtorEvent.ConsentRecorded(consent.GivenAt, consent, OfEntry));
        Planner.Plan(d);
        return d.Answer(new EntryReply(EntryState.Accepted, d.State.Wake.At, null));
    }

    /// <summary>What owes nothing is there, and closed.</summary>
    private static ImmutableArray<Account> AccountsOf(EntryCommand c, Instant now)
    {
        var accounts = ImmutableArray.CreateBuilder<Account>(c.Accounts.Length);
        foreach (var account in c.Accounts)
        {
            accounts.Add(account with
            {
                DebtKey = account.DebtKey.Length == 0 ? account.Id.Value : account.DebtKey,
                EnteredAt = now,
                Closed = IsZero(account.Balance) ? CloseReason.Paid : null,
            });
        }

        return accounts.MoveToImmutable();
    }

    /// <summary>Each id once: of two facts with one the first stands.</summary>
    private static ImmutableArray<ConsentFact> ConsentsOf(EntryCommand c, Instant now)
    {
        var ledger = new ConsentFact[c.Consents.Length];
        var count = 0;
        foreach (var said in c.Consents)
        {
            if (!Knows(ledger.AsSpan(0, count), said)) ledger[count++] = Changes.Heard(said, now);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(count == ledger.Length ? ledger : ledger[..count]);
    }
}
