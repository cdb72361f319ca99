using System.Collections.Immutable;
using System.Diagnostics;
using NodaTime;
using NodaTime.Text;
using Scheduler.Cli.Debtors;
using Scheduler.Cli.Gateways;
using Scheduler.Cli.Importing;
using Scheduler.Cli.Operations;
using Scheduler.Cli.Portfolios;
using Scheduler.Cli.Sessions;
using Scheduler.Domain.Audit;
using Scheduler.RulePacks;
using Scheduler.Simulation.V1;
using Scheduler.V1;

namespace Scheduler.Cli.Demo;

/// <summary>Where a run stands, for whoever watches it.</summary>
internal readonly record struct DemoProgress(Instant Now, long Leased, long Placed, long RightParty, long Promises);

/// <summary>
/// Plays the days: moves the clock a step, reports what happened in between, and lets every gateway pull until nothing is due. The clock
/// stands still while anybody works, so that what a debtor goes through does not depend on the machine.
/// </summary>
internal sealed class DemoRun(ServiceSession session, DemoPlan plan, string tenant, TimeProvider machineClock)
{
    private const int BatchSize = 500;
    private const int RoundsAtOneInstant = 400;
    private const int DebtorsAtOnce = 64;

    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(2);

    private static readonly ImmutableArray<ContactChannel> Channels =
    [
        ContactChannel.Whatsapp, ContactChannel.Sms, ContactChannel.Call, ContactChannel.Ivr, ContactChannel.Email, ContactChannel.Push,
    ];

    private readonly SimulationService.SimulationServiceClient _simulation = new(session.Invoker);
    private readonly SteppedClock _clock = new(DemoPlan.Start);

    public async Task<DemoReport> PlayAsync(Action<DemoProgress> watch, CancellationToken cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var generator = new PortfolioGenerator(plan.Seed, DemoPlan.FirstDay);
        var entries = generator.Generate(plan.Accounts).ToList();
        await ImportAsync(entries, cancel);
        await SignalAsync([.. generator.Holds(entries)], cancel);
        var upstream = new UpstreamScript(plan, entries);
        var gateways = Channels.Select(Gateway).ToList();
        await DrainAsync(gateways, cancel);
        for (var now = await NextAsync(DemoPlan.Start, gateways, upstream, cancel); now <= plan.End; now = await NextAsync(now, gateways, upstream, cancel))
        {
            var answer = await AdvanceAsync(now, cancel);
            _clock.Now = now;
            var signals = upstream.Take(now);
            await SignalAsync(signals, cancel);
            var isChanged = signals.Count > 0;
            foreach (var gateway in gateways) isChanged |= await gateway.FlushAsync(cancel);
            if (answer.DueCount > 0 || (isChanged && await DueAsync(cancel) > 0)) await DrainAsync(gateways, cancel);
            watch(Progress(now, gateways));
        }

        return await ReportAsync(entries, started, cancel);
    }

    // The next step of the clock at which anything can happen: a wake, a report from upstream, a receipt. Nights are passed over.
    private async Task<Instant> NextAsync(Instant now, List<ReferenceGateway> gateways, UpstreamScript upstream, CancellationToken cancel)
    {
        var wake = (await LookAsync(cancel)).NextDueTime is { } due ? ProtocolValues.ToInstant(due) : Instant.MaxValue;
        var next = gateways.Select(gateway => gateway.Later.NextAt).Append(upstream.NextAt).Append(wake).Min(at => at ?? Instant.MaxValue);
        if (now < plan.End && next > plan.End) return plan.End;
        var steps = Math.Max(1, (long)Math.Ceiling((next - DemoPlan.Start) / DemoPlan.Step) - (long)((now - DemoPlan.Start) / DemoPlan.Step));
        return now >= plan.End ? Instant.MaxValue : now + (DemoPlan.Step * steps);
    }

    private static DemoProgress Progress(Instant now, List<ReferenceGateway> gateways) => new(
        now, gateways.Sum(gateway => gateway.Tally.Leased), gateways.Sum(gateway => gateway.Tally.Placed),
        gateways.Sum(gateway => gateway.Tally.RightParty), gateways.Sum(gateway => gateway.Tally.Promises));

    private ReferenceGateway Gateway(ContactChannel channel)
    {
        var terms = new GatewayTerms(tenant, $"demo-{FieldWords.Of(channel)}", "demo", channel) { MaxDispatches = BatchSize, Confirms = channel == ContactChannel.Call };
        return new ReferenceGateway(
            session, terms, new BehaviourModel(plan.Seed), new RevocationWatch(session.Dispatches, terms, machineClock), _clock, new ServiceRetry(machineClock))
        {
            IsDriven = true,
        };
    }

    private async Task ImportAsync(List<DebtorEntry> entries, CancellationToken cancel)
    {
        foreach (var batch in entries.Chunk(BatchSize))
        {
            var request = new EnqueueAccountsRequest { TenantId = tenant, Entries = { batch } };
            var answer = await session.Ingest.EnqueueAccountsAsync(request, cancellationToken: cancel);
            if (answer.Results.FirstOrDefault(result => result.State != EntryState.Accepted) is { } refused)
                throw new CommandFailedException($"debtor {refused.DebtorId} of the shipped portfolio was {refused.State}: {refused.Status?.Message}");
        }
    }

    private async Task SignalAsync(List<Signal> signals, CancellationToken cancel)
    {
        foreach (var batch in signals.Chunk(BatchSize))
        {
            var request = new RecordSignalsRequest { TenantId = tenant, Signals = { batch } };
            var answer = await session.Debtors.RecordSignalsAsync(request, cancellationToken: cancel);
            if (answer.Results.FirstOrDefault(result => result.Status is not null) is { } refused)
                throw new CommandFailedException($"signal {batch[refused.SignalIndex].SignalId} was refused: {refused.Status.Message}");
        }
    }

    private async Task<AdvanceClockResponse> AdvanceAsync(Instant to, CancellationToken cancel) =>
        await _simulation.AdvanceClockAsync(new AdvanceClockRequest { ToTime = ProtocolValues.ToTimestamp(to) }, cancellationToken: cancel);

    private async Task<AdvanceClockResponse> LookAsync(CancellationToken cancel) =>
        await _simulation.AdvanceClockAsync(new AdvanceClockRequest(), cancellationToken: cancel);

    private async Task<long> DueAsync(CancellationToken cancel) => (await LookAsync(cancel)).DueCount;

    private async Task DrainAsync(List<ReferenceGateway> gateways, CancellationToken cancel)
    {
        for (var round = 0; round < RoundsAtOneInstant; round++)
        {
            var pulled = await Task.WhenAll(gateways.Select(gateway => gateway.PullAsync(TimeSpan.Zero, cancel)));
            if (pulled.Sum() > 0) continue;
            if (await DueAsync(cancel) == 0) return;
            // Offers are on their way from the shards to the queues.
            await Task.Delay(Breath, machineClock, cancel);
        }
    }

    private async Task<DemoReport> ReportAsync(List<DebtorEntry> entries, long started, CancellationToken cancel)
    {
        var checker = new ComplianceChecker(PackLibrary.LoadShipped().FindVersion);
        var summary = new LogSummary();
        await EventFeed.ReadAsync(session, tenant, record =>
        {
            checker.Take(record);
            summary.Take(record);
        }, cancel);
        var audit = checker.Report();
        var statistics = await session.Operations.GetStatisticsAsync(new GetStatisticsRequest { TenantId = tenant }, cancellationToken: cancel);
        var explained = ImmutableArray.CreateBuilder<ExplainedDebtor>();
        foreach (var (debtorId, story) in summary.Stories) explained.Add(await ExplainAsync(debtorId, story, cancel));
        return new DemoReport
        {
            Seed = plan.Seed,
            FirstInstant = InstantPattern.General.Format(DemoPlan.Start),
            LastInstant = InstantPattern.General.Format(plan.End),
            Debtors = entries.Count,
            Accounts = entries.Sum(entry => entry.Accounts.Count),
            Lifecycles = summary.Lifecycles,
            Leases = audit.LeaseCount,
            NotPlaced = summary.NotPlaced,
            Receipts = summary.Receipts,
            AttemptsByChannelAndHour = summary.AttemptsByChannelAndHour,
            WaitingByReason = await WaitingAsync(entries, cancel),
            AttemptsByDate = summary.AttemptsByDate,
            RefusalsByRule = summary.RefusalsByRule,
            StepsPassedByReason = summary.StepsPassedByReason,
            RightPartyContacts = summary.RightPartyContacts,
            Promises = summary.Promises,
            Payments = summary.Payments,
            ConsentsWithdrawn = summary.ConsentsWithdrawn,
            HoldsPlaced = summary.HoldsPlaced,
            LeasesRevoked = summary.LeasesRevoked,
            DebtorsByState = statistics.DebtorsByState.ToImmutableSortedDictionary(StringComparer.Ordinal),
            ConservationDifference = statistics.ConservationDifference,
            Events = audit.EventCount,
            Violations = audit.ViolationCount,
            ViolationDetails = [.. audit.Violations.Select(violation => $"{violation.Kind} {violation.DebtorId} {InstantPattern.General.Format(violation.At)}: {violation.Detail}")],
            Explained = explained.ToImmutable(),
            ElapsedSeconds = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 1),
        };
    }

    private async Task<ImmutableSortedDictionary<string, int>> WaitingAsync(List<DebtorEntry> entries, CancellationToken cancel)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var batch in entries.Chunk(DebtorsAtOnce))
        {
            var answers = await Task.WhenAll(batch.Select(entry => session.Debtors.GetDebtorAsync(
                new GetDebtorRequest { TenantId = tenant, DebtorId = entry.DebtorId }, cancellationToken: cancel).ResponseAsync));
            foreach (var debtor in answers.Select(answer => answer.Debtor))
            {
                var reason = $"{FieldWords.Of(debtor.State)} {debtor.WakeReason}".TrimEnd();
                counts[reason] = counts.GetValueOrDefault(reason) + 1;
            }
        }

        return counts.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    private async Task<ExplainedDebtor> ExplainAsync(string debtorId, string story, CancellationToken cancel)
    {
        var request = new ExplainDebtorRequest { TenantId = tenant, DebtorId = debtorId };
        var answer = await session.Debtors.ExplainDebtorAsync(request, cancellationToken: cancel);
        return new ExplainedDebtor(debtorId, story,
        [
            .. answer.Explanations.OrderBy(channel => channel.Channel).ThenBy(channel => channel.PointId, StringComparer.Ordinal).Select(channel => new ExplainedChannel(
                Words.Of(channel.Channel), channel.PointId, Words.Of(channel.Verdict),
                [.. channel.RuleResults.Where(rule => rule.Kind != VerdictKind.Permit).Select(rule => $"{rule.RuleId}: {rule.Reason}")])),
        ]);
    }
}
