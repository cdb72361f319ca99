using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Pauses;
using Scheduler.Grains.Pacing;
using Scheduler.Grains.Pauses;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Writing;

namespace Scheduler.Grains.Debtors;

/// <summary>What a debtor tells of its leases: to pacing, how they go on; to the pauses, what was out of order.</summary>
public sealed record FlowTools(PauseBook Pauses, PacingBook Pacing);

/// <content>What a lease means to those that come after it.</content>
public sealed partial class DebtorGrain
{
    private static readonly Duration ShortestFault = Duration.FromSeconds(30);
    private static readonly Duration UsualFault = Duration.FromMinutes(5);
    private static readonly Duration LongestFault = Duration.FromHours(6);

    /// <summary>Room for the longer life comes first: a crash in between counts too much, never too little.</summary>
    private async Task ExtendRoomAsync(LeaseExtension extension)
    {
        if (!flow.Pacing.Current.CountsLeases || Record?.State.Lease is not { } lease || lease.Dispatch.Value != extension.Claim.DispatchId) return;
        var terms = tools.Rules.Current.Context.Terms;
        var until = tools.Clock.Now() + terms.Clamp(Duration.FromTimeSpan(extension.Duration)) + terms.Skew;
        await GrainFactory.GetGrain<IPacingGrain>(0).Extend(
            new PacingExtension(this.GetPrimaryKeyString(), lease.Channel, lease.SenderId, lease.Fence, until.ToUnixTimeMilliseconds()));
    }

    /// <summary>Soft: what pacing does not hear of ends by its time.</summary>
    private void EndRoom(DebtorRecord? before)
    {
        if (!flow.Pacing.Current.CountsLeases || before?.State.Lease is not { } lease || Record?.State.Lease?.Fence == lease.Fence) return;
        _ = GrainFactory.GetGrain<IPacingGrain>(0).End(this.GetPrimaryKeyString(), lease.Fence);
    }

    /// <summary>A fault wider than the dispatch stops its key for a while. Soft: a report that could not stop it is recorded all the same.</summary>
    private async Task StopForFaultAsync(OutcomeCommand report, Lease lease)
    {
        if (report.Outcome is not Outcome.NotPlaced fault || ScopeOf(fault.Scope, lease) is not { } scope) return;
        var now = tools.Clock.Now();
        var end = Instant.Max(now + ShortestFault, Instant.Min(fault.RetryAt ?? now + UsualFault, now + LongestFault));
        try
        {
            await flow.Pauses.StopForFaultAsync(scope, end, $"{fault.Reason} {fault.ProviderCode}".TrimEnd());
        }
        catch (OrleansException)
        {
            // The next report of the same fault tries again.
        }
    }

    private PauseScope? ScopeOf(FaultScope fault, Lease lease) => fault switch
    {
        FaultScope.Template when lease.Template.Length > 0 => new PauseScope { Tenant = RowKey().Tenant, Channel = lease.Channel, Template = lease.Template },
        FaultScope.Sender when lease.SenderId.Length > 0 => new PauseScope { GatewayId = lease.GatewayId, SenderId = lease.SenderId },
        FaultScope.Provider => new PauseScope { GatewayId = lease.GatewayId },
        _ => null,
    };
}
