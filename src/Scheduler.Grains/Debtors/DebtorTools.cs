using Scheduler.Grains.Operations;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Writing;
using Scheduler.Storage;

namespace Scheduler.Grains.Debtors;

/// <summary>What every debtor's grain is given: rules, clock, the ways to write and to read the log, counters.</summary>
public sealed record DebtorTools(
    IRuleSource Rules, TimeProvider Clock, DebtorWriting Writing, ILaneCatalogue Lanes, IEventLog Events, IDebtorStore Store, ContactCounters Counters);
