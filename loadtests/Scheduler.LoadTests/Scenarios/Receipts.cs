using NodaTime;
using Scheduler.LoadTests.Traffic;

namespace Scheduler.LoadTests.Scenarios;

/// <summary>
/// Lifecycles with what comes after them: 2.2 receipts a message, one in twenty twice, shuffled, one in a hundred three days late. The
/// service runs on a simulated clock in step with the machine's, so that the three days pass in a moment.
/// </summary>
internal sealed class Receipts : IScenario
{
    private const string Tenant = "load";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public IReadOnlyList<string> Tenants => [Tenant];

    public bool WarmsUp => true;

    public async Task RunAsync(LoadStage stage, CancellationToken cancel)
    {
        var receipts = new ReceiptFlow(stage);
        using var ending = new CancellationTokenSource();
        var reporting = receipts.RunAsync(ending.Token);
        var work = stage.OpenMeasured(Tenant, "m");
        await using (var crew = GatewayCrew.Start(stage, static name => new GatewayTerms(name, [Tenant]), receipts))
        {
            await stage.BeginMeasuringAsync();
            await Steady.OfferAsync(stage, work, cancel);
            await stage.DrainedAsync(Patience, work);
        }

        await ending.CancelAsync();
        await reporting;
        stage.Tell("receipts_per_second", receipts.Sent / stage.Clock.Real.GetElapsedTime(stage.MeasuredFrom).TotalSeconds);
        stage.Tell("receipts_late", receipts.LateCount);
        stage.Clock.Jump(Duration.FromDays(3));
        await stage.Clock.AdvanceAsync(stage.Session.Invoker, cancel);
        await receipts.ReportLateAsync();
        stage.Tell("receipts_made", receipts.Made);
        stage.Tell("receipts_a_message", work.Book.Placed == 0 ? 0 : (receipts.Made - receipts.MadeTwice) / (double)work.Book.Placed);
        stage.Tell("receipts_made_twice", receipts.MadeTwice);
        stage.Tell("receipts_answered_duplicate", receipts.AnsweredDuplicate);
        stage.Tell("receipts_not_answered", receipts.Made - receipts.Sent);
    }
}
