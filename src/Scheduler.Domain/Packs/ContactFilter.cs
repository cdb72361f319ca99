using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Packs;

/// <summary>Which contacts a rule stops. A purpose or place that is not known is always among them.</summary>
public sealed record ContactFilter
{
    public static readonly ContactFilter Everything = new();

    public ChannelSet Channels { get; init; } = ChannelSet.All;

    /// <summary>Stops every governed channel except the one of the contact that was counted.</summary>
    public bool OtherThanCounted { get; init; }

    public CodeSet Purposes { get; init; } = CodeSet.All;

    public CodeSet Places { get; init; } = CodeSet.All;

    public bool Governs(ContactChannel channel, ContactPurpose purpose, PointPlace place) =>
        Channels.Contains(channel)
        && (purpose == ContactPurpose.Unknown || Purposes.Contains((int)purpose))
        && GovernsPlace(place);

    internal bool GovernsPlace(PointPlace place) => place == PointPlace.Unknown || Places.Contains((int)place);
}
