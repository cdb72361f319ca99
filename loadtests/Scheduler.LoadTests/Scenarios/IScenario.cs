namespace Scheduler.LoadTests.Scenarios;

/// <summary>A kind of load. Ends when everything that it put in is done or will not be.</summary>
internal interface IScenario
{
    /// <summary>Tenants whose log is checked at the end.</summary>
    IReadOnlyList<string> Tenants { get; }

    /// <summary>Warm-up before it is measured: short runs without one are those that measure a start.</summary>
    bool WarmsUp { get; }

    Task RunAsync(LoadStage stage, CancellationToken cancel);
}

/// <summary>Gateways at work for as long as it lives.</summary>
internal sealed class GatewayCrew : IAsyncDisposable
{
    private readonly CancellationTokenSource _finished = new();
    private readonly Task _work;

    private GatewayCrew(IReadOnlyList<Traffic.LoadGateway> gateways)
    {
        Gateways = gateways;
        _work = Task.WhenAll(gateways.Select(gateway => gateway.RunAsync(_finished.Token)));
    }

    public IReadOnlyList<Traffic.LoadGateway> Gateways { get; }

    public static GatewayCrew Start(LoadStage stage, Func<string, Traffic.GatewayTerms> termsOf, Traffic.ReceiptFlow? receipts = null) =>
        new([.. Enumerable.Range(0, stage.Options.Gateways).Select(i => new Traffic.LoadGateway(stage, termsOf($"load-{i}"), receipts))]);

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in Gateways) gateway.GoOn();
        await _finished.CancelAsync();
        await _work;
        _finished.Dispose();
    }
}
