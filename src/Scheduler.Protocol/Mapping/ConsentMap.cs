using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using NodaTime;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Border;

namespace Scheduler.Protocol.Mapping;

/// <summary>Consent facts and the hours that debtors ask for.</summary>
public static class ConsentMap
{
    public static ConsentFact Read(V1.ConsentFact source, FieldViolations v, Instant now)
    {
        var kind = v.Known("kind", source.Kind).ToDomain();
        var givenAt = v.Past("given_time", source.GivenTime, now);
        var expiresAt = v.InstantOrNull("expire_time", source.ExpireTime);
        if (expiresAt <= givenAt) v.Add("expire_time", FieldReasons.Inconsistent, "after given_time");
        var isAboutHours = kind is ConsentKind.HoursExtended or ConsentKind.HoursForbidden;
        if (isAboutHours && source.RequestedHours is null) v.Add("requested_hours", FieldReasons.Required, "a consent about hours names them");
        return new ConsentFact
        {
            Id = v.Id("consent_id", source.ConsentId),
            Kind = kind,
            Channels = PointMap.ReadChannels(source.Channels, v),
            Purposes = ReadPurposes(source.Purposes, v),
            Points = ReadPoints(source.PointIds, v),
            CreditorId = v.IdOrEmpty("creditor_id", source.CreditorId),
            GivenAt = givenAt,
            ExpiresAt = expiresAt,
            Method = v.Text("method", source.Method, BorderLimits.WordLength),
            Instrument = v.Known("instrument", source.Instrument, required: false).ToDomain(),
            WordingVersion = v.Text("wording_version", source.WordingVersion, BorderLimits.IdLength),
            EvidenceRef = v.Text("evidence_ref", source.EvidenceRef, BorderLimits.ReferenceLength),
            GivenDirectly = source.GivenDirectly,
            IsOwnInitiative = source.OwnInitiative,
            Hours = source.RequestedHours is { } hours ? ReadHours(hours, v) : [],
            AlsoOnHolidays = source.RequestedHours?.OnHolidays ?? false,
        };
    }

    public static V1.ConsentFact Write(ConsentFact source)
    {
        var fact = new V1.ConsentFact
        {
            ConsentId = source.Id,
            Kind = source.Kind.ToProto(),
            CreditorId = source.CreditorId,
            GivenTime = ScalarMap.ToProto(source.GivenAt),
            ExpireTime = ScalarMap.ToProto(source.ExpiresAt),
            Method = source.Method,
            Instrument = source.Instrument.ToProto(),
            WordingVersion = source.WordingVersion,
            EvidenceRef = source.EvidenceRef,
            GivenDirectly = source.GivenDirectly,
            OwnInitiative = source.IsOwnInitiative,
        };
        fact.Channels.AddRange(PointMap.Write(source.Channels));
        foreach (var purpose in source.Purposes) fact.Purposes.Add(purpose.ToProto());
        foreach (var point in source.Points) fact.PointIds.Add(point.Value);
        if (source.Hours.Length > 0 || source.AlsoOnHolidays)
        {
            fact.RequestedHours = new V1.RequestedHours { OnHolidays = source.AlsoOnHolidays };
            foreach (var hours in source.Hours) fact.RequestedHours.Windows.Add(Write(hours));
        }

        return fact;
    }

    /// <summary>A fact as we wrote it, without the border's checks.</summary>
    public static ConsentFact Trusted(V1.ConsentFact source) => Read(source, new FieldViolations(), BorderLimits.Latest);

    public static V1.WeeklyWindow Write(WeeklyHours source)
    {
        var window = new V1.WeeklyWindow
        {
            StartTimeOfDay = ScalarMap.ToProto(source.StartMinute),
            EndTimeOfDay = ScalarMap.ToProto(source.EndMinute),
        };
        for (var day = IsoDayOfWeek.Monday; source.Days != 0 && day <= IsoDayOfWeek.Sunday; day++)
        {
            if (source.Includes(day)) window.Days.Add((Google.Type.DayOfWeek)(int)day);
        }

        return window;
    }

    private static ImmutableArray<WeeklyHours> ReadHours(V1.RequestedHours source, FieldViolations v)
    {
        using var scope = v.In("requested_hours");
        if (source.Windows.Count == 0) v.Add("windows", FieldReasons.Required, "one window or more");
        if (!v.AtMost("windows", source.Windows.Count, BorderLimits.Windows)) return [];
        var hours = ImmutableArray.CreateBuilder<WeeklyHours>(source.Windows.Count);
        for (var i = 0; i < source.Windows.Count; i++)
        {
            using var window = v.In("windows", i);
            hours.Add(Read(source.Windows[i], v));
        }

        return hours.MoveToImmutable();
    }

    /// <summary>Half-open, within one day: an overnight wish is two windows.</summary>
    private static WeeklyHours Read(V1.WeeklyWindow source, FieldViolations v)
    {
        var days = 0;
        for (var i = 0; i < source.Days.Count; i++)
        {
            var day = v.Known("days", source.Days[i], index: i);
            if (day != Google.Type.DayOfWeek.Unspecified) days |= 1 << ((int)day - 1);
        }

        var start = ReadMinute("start_time_of_day", source.StartTimeOfDay, v, WeeklyHours.EndOfDay - 1);
        var end = ReadMinute("end_time_of_day", source.EndTimeOfDay, v, WeeklyHours.EndOfDay);
        if (start is { } from && end is { } until && until <= from)
        {
            v.Add("end_time_of_day", FieldReasons.Inconsistent, "after start_time_of_day: a window does not go past midnight");
        }

        return new WeeklyHours((byte)days, start ?? 0, end ?? 0);
    }

    private static int? ReadMinute(string field, Google.Type.TimeOfDay? source, FieldViolations v, int latest)
    {
        if (source is null)
        {
            v.Add(field, FieldReasons.Required, "a time of day is required");
            return null;
        }

        if (source is { Hours: >= 0 and <= 24, Minutes: >= 0 and <= 59, Seconds: 0, Nanos: 0 } && (source.Hours * 60) + source.Minutes <= latest)
        {
            return (source.Hours * 60) + source.Minutes;
        }

        v.Add(field, FieldReasons.OutOfRange, "whole minutes from 00:00; a window may end at 24:00");
        return null;
    }

    private static ImmutableArray<ContactPurpose> ReadPurposes(RepeatedField<V1.ContactPurpose> source, FieldViolations v)
    {
        if (source.Count == 0) return [];
        var purposes = new ContactPurpose[source.Count];
        for (var i = 0; i < purposes.Length; i++) purposes[i] = v.Known("purposes", source[i], index: i).ToDomain();
        return ImmutableCollectionsMarshal.AsImmutableArray(purposes);
    }

    private static ImmutableArray<PointId> ReadPoints(RepeatedField<string> source, FieldViolations v)
    {
        if (source.Count == 0 || !v.AtMost("point_ids", source.Count, BorderLimits.Points)) return [];
        var points = ImmutableArray.CreateBuilder<PointId>(source.Count);
        for (var i = 0; i < source.Count; i++) points.Add(new PointId(v.Id("point_ids", source[i], i)));
        return points.MoveToImmutable();
    }
}
