using System.Collections.Immutable;
using System.Globalization;
using Scheduler.LoadTests.Measuring;

namespace Scheduler.LoadTests;

/// <summary>What a run is told on its command line. README.md and docs/performance.md explain each.</summary>
internal sealed record LoadOptions
{
    public const string Usage = """
        usage: SCENARIO [options]
        scenarios: smoke steady burst noisy-neighbour gateway-stall crash-recovery million receipts soak crosscheck
          --rate N|max          debtors offered a second, or as many as go through (default 1000; smoke: max)
          --seconds N           how long load is offered (default 30; soak: 3600)
          --debtors N           at most, or for burst, noisy-neighbour and million: how many (default 400000, 20000, 20000, 1000000)
          --batch N             entries a call in closed loop, at most in open loop (default 500)
          --callers N           calls with entries at once in closed loop (default 4)
          --gateways N          gateways pulling at once (default 3)
          --pull N              dispatches a pull (default 500)
          --lead N              seconds between an entry and its due moment in open loop (default 5)
          --warm-up N           longest warm-up in seconds; it ends when the processors are calm (default 60)
          --store sqlite|postgres
          --connection TEXT     a PostgreSQL server that is there; none: one is started and thrown away
          --host KEY=VALUE      a setting of the service, repeatable
          --threshold TEXT      such as lateness.p99<250 or rate>3000, repeatable; exit code 1 when not met
          --report FOLDER       report.html and report.json (default: none)
          --record              the same, named for scenario, store and day, in loadtests/results
          --plain               no live display
        """;

    private static readonly string[] Known =
        ["smoke", "steady", "burst", "noisy-neighbour", "gateway-stall", "crash-recovery", "million", "receipts", "soak", "crosscheck"];

    public required string Scenario { get; init; }

    /// <summary>Debtors offered a second; null: closed loop, as many as go through.</summary>
    public double? Rate { get; init; }

    public required int Seconds { get; init; }

    public required int Debtors { get; init; }

    public int Batch { get; init; } = 500;

    public int Callers { get; init; } = 4;

    public int Gateways { get; init; } = 3;

    public int Pull { get; init; } = 500;

    public int LeadSeconds { get; init; } = 5;

    public int WarmUpSeconds { get; init; } = 60;

    public bool IsPostgres { get; init; }

    public string Connection { get; init; } = "";

    public ImmutableArray<string> HostSettings { get; init; } = [];

    public ImmutableArray<Threshold> Thresholds { get; init; } = [];

    public string ReportFolder { get; init; } = "";

    public bool IsRecorded { get; init; }

    public bool IsPlain { get; init; }

    public string Store => IsPostgres ? "postgres" : "sqlite";

    /// <summary>Load comes at its own pace, whatever the service does.</summary>
    public bool IsOpenLoop => Rate is not null && Scenario is not ("burst" or "million" or "crosscheck");

    /// <summary>Those that every run must meet, and those asked for. Speed is never among the first.</summary>
    public IEnumerable<Threshold> AllThresholds => ((string[])["failures<1", "violations<1", "conservation<1", "unfinished<1", "placed_twice<1"])
        .Concat(Scenario switch { "crash-recovery" => [], "crosscheck" => ["h2load_failed<1", "h2load_per_second>1"], _ => (string[])["repeats<1"] })
        .Select(static text => Threshold.Parse(text)!).Concat(Thresholds);

    /// <summary>Null when it cannot be understood.</summary>
    public static LoadOptions? Parse(IReadOnlyList<string> args)
    {
        if (args.Count == 0 || !Known.Contains(args[0])) return null;
        var options = new LoadOptions
        {
            Scenario = args[0],
            Rate = args[0] == "smoke" ? null : 1_000,
            Seconds = args[0] == "soak" ? 3_600 : 30,
            Debtors = args[0] switch { "burst" or "noisy-neighbour" => 20_000, "million" => 1_000_000, "soak" => 9_000_000, _ => 400_000 },
        };
        for (var i = 1; i < args.Count; i++)
        {
            var value = i + 1 < args.Count ? args[i + 1] : null;
            var next = args[i] switch
            {
                "--record" => options with { IsRecorded = true },
                "--plain" => options with { IsPlain = true },
                _ => value is null ? null : options.With(args[i], value),
            };
            if (next is null) return null;
            if (args[i] is not ("--record" or "--plain")) i++;
            options = next;
        }

        return options;
    }

    private LoadOptions? With(string name, string value) => name switch
    {
        "--rate" when value == "max" => this with { Rate = null },
        "--rate" => Number(value) is { } rate ? this with { Rate = rate } : null,
        "--seconds" => Number(value) is { } seconds ? this with { Seconds = seconds } : null,
        "--debtors" => Number(value) is { } debtors ? this with { Debtors = debtors } : null,
        "--batch" => Number(value) is { } batch and <= 1_000 ? this with { Batch = batch } : null,
        "--callers" => Number(value) is { } callers and <= 64 ? this with { Callers = callers } : null,
        "--gateways" => Number(value) is { } gateways ? this with { Gateways = gateways } : null,
        "--pull" => Number(value) is { } pull and <= 1_000 ? this with { Pull = pull } : null,
        "--lead" => Number(value) is { } lead ? this with { LeadSeconds = lead } : null,
        "--warm-up" => Number(value) is { } warm ? this with { WarmUpSeconds = warm } : null,
        "--store" => value is "sqlite" or "postgres" ? this with { IsPostgres = value == "postgres" } : null,
        "--connection" => this with { Connection = value, IsPostgres = true },
        "--host" => value.Contains('=', StringComparison.Ordinal) ? this with { HostSettings = HostSettings.Add(value) } : null,
        "--threshold" => Threshold.Parse(value) is { } threshold ? this with { Thresholds = Thresholds.Add(threshold) } : null,
        "--report" => this with { ReportFolder = value },
        _ => null,
    };

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
}
