using NodaTime;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Services.Dispatches;

/// <summary>Durations that gateways ask for: 0 and 10 hours are mistakes and refused, not brought into range unseen.</summary>
internal static class LeaseSpan
{
    public static Duration Read(string field, Google.Protobuf.WellKnownTypes.Duration? source, FieldViolations v, Duration? whenAbsent = null)
    {
        if (source is null)
        {
            if (whenAbsent is null) v.Add(field, FieldReasons.Required, "a duration is required");
            return whenAbsent ?? Duration.Zero;
        }

        var span = Value(source);
        if (span is { } length && length > Duration.Zero && length <= BorderLimits.LeaseLimit) return length;
        v.Add(field, FieldReasons.OutOfRange, "more than 0 and at most 4 hours");
        return Duration.Zero;
    }

    public static Duration ReadWait(string field, Google.Protobuf.WellKnownTypes.Duration source, FieldViolations v)
    {
        var span = Value(source);
        if (span is { } length && length >= Duration.Zero && length <= BorderLimits.WaitLimit) return length;
        v.Add(field, FieldReasons.OutOfRange, "0 to 30 seconds");
        return Duration.Zero;
    }

    /// <summary>Null for what is not a duration of less than a day.</summary>
    private static Duration? Value(Google.Protobuf.WellKnownTypes.Duration source) =>
        source.Seconds is > -NodaConstants.SecondsPerDay and < NodaConstants.SecondsPerDay && source.Nanos is > -1_000_000_000 and < 1_000_000_000
            ? Duration.FromSeconds(source.Seconds) + Duration.FromNanoseconds(source.Nanos)
            : null;
}
