using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Attempts;

/// <summary>The bounds within which leases are granted and contacts settle. Configuration, the same for every debtor of a host.</summary>
public sealed record LeaseTerms
{
    public static readonly LeaseTerms Default = new();

    public Duration Shortest { get; init; } = Duration.FromSeconds(5);

    public Duration Longest { get; init; } = Duration.FromHours(4);

    /// <summary>Longest life of one lease, extensions included.</summary>
    public Duration LongestWithExtensions { get; init; } = Duration.FromHours(4);

    /// <summary>A lease is granted again only this long after the former one expired: clocks differ.</summary>
    public Duration Skew { get; init; } = Duration.FromSeconds(2);

    /// <summary>Time before <c>not_after</c> below which a lease is of no use to a gateway.</summary>
    public Duration LeastUseful { get; init; } = Duration.FromMilliseconds(500);

    /// <summary>A debtor that was not permitted and changed nothing is not looked at again for this long.</summary>
    public Duration ShortestWait { get; init; } = Duration.FromSeconds(60);

    /// <summary>Days after the promised date in which a payment still keeps the promise.</summary>
    public int PromiseGraceDays { get; init; } = 1;

    /// <summary>Reports of "not placed" in a row after which a step lapses.</summary>
    public int NotPlacedLimit { get; init; } = 5;

    /// <summary>How long receipts are awaited.</summary>
    public Duration SettlesAfter(ContactChannel channel) => channel switch
    {
        ContactChannel.Letter => Duration.FromDays(14),
        ContactChannel.Call or ContactChannel.Ivr or ContactChannel.VoicemailDrop or ContactChannel.Visit => Duration.FromHours(24),
        _ => Duration.FromDays(4),
    };

    /// <summary>The wanted duration, brought into the allowed range.</summary>
    public Duration Clamp(Duration wanted) => wanted < Shortest ? Shortest : wanted > Longest ? Longest : wanted;
}
