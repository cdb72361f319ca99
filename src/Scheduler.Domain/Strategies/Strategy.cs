using System.Collections.Immutable;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Strategies;

/// <summary>When a step is wanted at all.</summary>
public enum StepCondition : byte
{
    Always = 0,

    /// <summary>Only if the debtor has not answered (a two-way exchange, begun by either side) since the former step's day.</summary>
    IfNoAnswer = 1,
}

/// <summary>What to do with a step whose channel does not open on its own day.</summary>
public enum WhileClosed : byte
{
    /// <summary>Wait until the channel opens or the step lapses.</summary>
    Wait = 0,

    /// <summary>Skip it at once.</summary>
    Skip = 1,

    /// <summary>Take the channel of the last counted contact, if that opens before the step lapses; else wait.</summary>
    SameChannel = 2,

    /// <summary>Take whichever channel of the strategy opens first before the step lapses; else wait.</summary>
    NextLawful = 3,
}

/// <summary>One element of a strategy: what to try on a day past due.</summary>
public sealed record Step
{
    public required string Id { get; init; }

    /// <summary>Days past due, in the debtor's local date. Days rise strictly from step to step.</summary>
    public required int Day { get; init; }

    public required ContactChannel Channel { get; init; }

    public StepCondition Condition { get; init; }

    /// <summary>Days the step stays open, its own day included; the next step's day ends it in any case.</summary>
    public int LapseAfterDays { get; init; } = 2;

    public WhileClosed WhileClosed { get; init; }

    public ContactPurpose Purpose { get; init; } = ContactPurpose.Collection;

    public PlacementMode Mode { get; init; } = PlacementMode.Automated;

    public string Template { get; init; } = "";

    /// <summary>Notices that the message carries ("OPT_OUT").</summary>
    public ImmutableArray<string> Notices { get; init; } = [];

    /// <summary>The message also offers a product or service.</summary>
    public bool Promotes { get; init; }

    /// <summary>0 (most urgent) to 9.</summary>
    public int Priority { get; init; } = 5;
}

/// <summary>Ordered steps by days past due. One version; immutable.</summary>
public sealed record Strategy
{
    public required string Id
    {
        get;
        init
        {
            field = value;
            VersionId = $"{Id}@{Version}";
        }
    }

    /// <summary>Rises from 1.</summary>
    public required int Version
    {
        get;
        init
        {
            field = value;
            VersionId = $"{Id}@{Version}";
        }
    }

    /// <summary>ISO 3166-1 alpha-2 codes of the countries whose default it is; "*" is the default of every other.</summary>
    public ImmutableArray<string> DefaultFor { get; init; } = [];

    /// <summary>By day, rising.</summary>
    public required ImmutableArray<Step> Steps { get; init; }

    /// <summary>"early-co@7".</summary>
    public string VersionId { get; private init; } = "";

    /// <summary>The step as it is done in another channel than its own: with the words, notices and mode of the first step in that channel.</summary>
    public Step InChannel(Step step, ContactChannel channel)
    {
        if (step.Channel == channel) return step;
        foreach (var other in Steps)
        {
            if (other.Channel == channel) return step with { Channel = channel, Mode = other.Mode, Template = other.Template, Notices = other.Notices, Promotes = other.Promotes };
        }

        return step with { Channel = channel };
    }
}
