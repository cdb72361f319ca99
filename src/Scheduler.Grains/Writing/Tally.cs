using Scheduler.Domain.Debtors;
using Scheduler.Storage;

namespace Scheduler.Grains.Writing;

/// <summary>What one debtor adds to the counts: every account that came in is finished, waiting, leased or refused.</summary>
internal static class Tally
{
    public static DebtorTally Of(DebtorState state)
    {
        int waiting = 0, leased = 0, refused = 0, finished = 0;
        foreach (var account in state.Accounts)
        {
            if (!account.IsOpen || state.Phase == DebtorPhase.Finished) finished++;
            else if (state.Lease is { } lease && lease.Accounts.Contains(account.Id)) leased++;
            else if (state.Phase is DebtorPhase.Held or DebtorPhase.Blocked or DebtorPhase.Quarantined) refused++;
            else waiting++;
        }

        return new DebtorTally((int)state.Phase, state.Accounts.Length, waiting, leased, refused, finished);
    }
}
