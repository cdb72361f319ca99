using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Scheduler.Cli.Demo;

/// <summary>What a demo run comes to; printed with --json as one object with these fields in snake case (docs/cli.md lists them).</summary>
internal sealed record DemoReport
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public required long Seed { get; init; }

    public required string FirstInstant { get; init; }

    public required string LastInstant { get; init; }

    public required int Debtors { get; init; }

    public required int Accounts { get; init; }

    /// <summary>Dispatches that went the whole way: enqueued, decided, leased, placed, outcome durable.</summary>
    public required long Lifecycles { get; init; }

    public required long Leases { get; init; }

    public required long NotPlaced { get; init; }

    public required long Receipts { get; init; }

    /// <summary>Attempts placed, by channel and hour of the debtor's local day (24 numbers each).</summary>
    public required ImmutableSortedDictionary<string, ImmutableArray<int>> AttemptsByChannelAndHour { get; init; }

    /// <summary>Attempts placed, by the debtor's local date.</summary>
    public required ImmutableSortedDictionary<string, int> AttemptsByDate { get; init; }

    /// <summary>Times that contact was refused, by the rule that decided.</summary>
    public required ImmutableSortedDictionary<string, int> RefusalsByRule { get; init; }

    /// <summary>Debtors at the end by state and by what they wait for: a step, a rule that defers or forbids, a hold.</summary>
    public required ImmutableSortedDictionary<string, int> WaitingByReason { get; init; }

    public required ImmutableSortedDictionary<string, int> StepsPassedByReason { get; init; }

    public required int RightPartyContacts { get; init; }

    public required int Promises { get; init; }

    public required int Payments { get; init; }

    public required int ConsentsWithdrawn { get; init; }

    public required int HoldsPlaced { get; init; }

    public required int LeasesRevoked { get; init; }

    public required ImmutableSortedDictionary<string, long> DebtorsByState { get; init; }

    /// <summary>Accounts that are neither finished, waiting, leased nor refused: zero, or something was lost.</summary>
    public required long ConservationDifference { get; init; }

    public required long Events { get; init; }

    /// <summary>Breaches of the invariants that the independent checker found in the event log; zero, or the run failed.</summary>
    public required long Violations { get; init; }

    public required ImmutableArray<string> ViolationDetails { get; init; }

    public required ImmutableArray<ExplainedDebtor> Explained { get; init; }

    /// <summary>Wall-clock seconds; the only field that differs between runs with one seed.</summary>
    public required double ElapsedSeconds { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    [JsonIgnore]
    public bool IsClean => Violations == 0 && ConservationDifference == 0;
}

/// <summary>One debtor of the run and why it may or may not be contacted at the end of it.</summary>
internal sealed record ExplainedDebtor(string DebtorId, string Story, ImmutableArray<ExplainedChannel> Channels);

/// <summary>The verdict for one channel, and every rule that does not permit.</summary>
internal sealed record ExplainedChannel(string Channel, string Point, string Verdict, ImmutableArray<string> Reasons);
