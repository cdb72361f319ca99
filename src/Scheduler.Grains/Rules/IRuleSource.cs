using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using Scheduler.RulePacks;
using Scheduler.Storage;

namespace Scheduler.Grains.Rules;

/// <summary>The rules that this process decides by, and the epochs under which they were loaded: a lease commits only while both still stand.</summary>
public sealed record RulesInForce(DecisionContext Context, Epochs Epochs)
{
    /// <summary>Why nothing is leased, confirmed or extended; empty: it is.</summary>
    public string ClosedFor { get; init; } = "";
}

/// <summary>Why nothing is leased.</summary>
public static class ClosedReasons
{
    /// <summary>Writes may have been lost, and it is not settled what was placed.</summary>
    public const string Recovery = "RECOVERY";

    /// <summary>This node's clock jumped.</summary>
    public const string Clock = "CLOCK";
}

/// <summary>Gives every turn one immutable snapshot of the rules.</summary>
public interface IRuleSource
{
    /// <summary>Those of every tenant without a list of its own.</summary>
    RulesInForce Current { get; }

    /// <summary>Those of one tenant at an instant, pauses included: what was scheduled decides from its instant on.</summary>
    RulesInForce For(string tenant, Instant now) => Current;

    /// <summary>Policy epoch of the last change for which debtors are planned anew.</summary>
    long ReplanEpoch => Current.Epochs.Policy;

    /// <summary>Whether a scheduled list of the rules held here has come and is not written down as being in force.</summary>
    bool IsScheduleDue(Instant now) => false;

    /// <summary>A pack, overlay or closed date as it was under a version that a decision names; null: no such text was ever known here.</summary>
    Task<RulePack?> FindPackAsync(string version, CancellationToken cancellationToken) =>
        Task.FromResult(PackLibrary.Shipped.Packs.Select(static shipped => shipped.Pack).FirstOrDefault(pack => pack.Version == version));

    /// <summary>Reads epochs and rules again; after a write was refused for its epoch.</summary>
    Task RefreshAsync(CancellationToken cancellationToken);
}

/// <summary>The clock as decisions see it: whole milliseconds, which is what is stored.</summary>
internal static class Clocks
{
    public static Instant Now(this TimeProvider clock) => Instant.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());

    public static Instant ToInstant(this DateTimeOffset at) => Instant.FromDateTimeOffset(at);
}
