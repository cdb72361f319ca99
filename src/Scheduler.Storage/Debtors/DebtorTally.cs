namespace Scheduler.Storage;

/// <summary>
/// What one debtor's row adds to its tenant's counts. A pure function of the stored state, so that the difference between two versions is exact.
/// </summary>
public readonly record struct DebtorTally(int Phase, int AccountsIn, int Waiting, int Leased, int Refused, int Finished);
