using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Border;

namespace Scheduler.Protocol.Mapping;

/// <summary>Contact points and sets of channels.</summary>
public static class PointMap
{
    public static ImmutableArray<ContactPoint> Read(V1.ContactPointList source, FieldViolations v)
    {
        if (!v.AtMost("points", source.Points.Count, BorderLimits.Points)) return [];
        var points = new ContactPoint[source.Points.Count];
        for (var i = 0; i < points.Length; i++)
        {
            using var scope = v.In("points", i);
            points[i] = Read(source.Points[i], v);
            v.Unlike(points.AsSpan(0, i), points[i].Id.Value, static point => point.Id.Value, "point_id", "given before in this list");
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(points);
    }

    public static V1.ContactPoint Write(ContactPoint source, string address)
    {
        var point = new V1.ContactPoint
        {
            PointId = source.Id.Value,
            Kind = source.Kind.ToProto(),
            Address = address,
            Place = source.Place.ToProto(),
            Status = source.Status.ToProto(),
            ObtainedFrom = source.ObtainedFrom,
            ConfirmedTime = ScalarMap.ToProto(source.ConfirmedAt),
            ReassignmentCheckedTime = ScalarMap.ToProto(source.ReassignmentCheckedAt),
            Agreed = source.IsAgreed,
            RestsUntilTime = ScalarMap.ToProto(source.RestsUntil),
        };
        point.Channels.AddRange(Write(source.Channels));
        return point;
    }

    /// <summary>A point as we wrote it, blank address included, without the border's checks.</summary>
    public static ContactPoint Trusted(V1.ContactPoint source)
    {
        var v = new FieldViolations();
        return Read(source, v) with { RestsUntil = v.InstantOrNull("rests_until_time", source.RestsUntilTime) };
    }

    /// <summary>The last characters of an address, enough to recognise it and not enough to use it.</summary>
    public static string Mask(PointKind kind, string address)
    {
        const string hidden = "***";
        if (kind == PointKind.Email)
        {
            var at = address.LastIndexOf('@');
            return at > 0 ? string.Concat(hidden, address.AsSpan(at)) : hidden;
        }

        return address.Length > 6 ? string.Concat(hidden, address.AsSpan(address.Length - 3)) : hidden;
    }

    public static ChannelSet ReadChannels(IReadOnlyList<V1.ContactChannel> source, FieldViolations v, string field = "channels")
    {
        var set = default(ChannelSet);
        for (var i = 0; i < source.Count; i++) set = set.Union(ChannelSet.Of(v.Known(field, source[i], index: i).ToDomain()));
        return set;
    }

    public static IEnumerable<V1.ContactChannel> Write(ChannelSet source)
    {
        for (var channel = ContactChannel.Whatsapp; channel <= ContactChannel.Visit; channel++)
        {
            if (source.Contains(channel)) yield return channel.ToProto();
        }
    }

    private static ContactPoint Read(V1.ContactPoint source, FieldViolations v)
    {
        var kind = v.Known("kind", source.Kind).ToDomain();
        var channels = ReadChannels(source.Channels, v);
        if (source.Address.Length == 0) v.Add("address", FieldReasons.Required, "an address or a reference to it is required");
        else if (AddressShape.Fault(kind, source.Address) is { } expected) v.Add("address", FieldReasons.Malformed, expected);
        else v.Text("address", source.Address, BorderLimits.AddressLength);
        if (kind != PointKind.Unknown && !channels.Except(AddressShape.Carries(kind)).IsEmpty)
        {
            v.Add("channels", FieldReasons.Inconsistent, "a point of this kind cannot carry one of these channels");
        }

        var status = v.Known("status", source.Status, required: false).ToDomain();
        return new ContactPoint
        {
            Id = new PointId(v.Id("point_id", source.PointId)),
            Kind = kind,
            Address = source.Address,
            Channels = channels,
            Place = v.Known("place", source.Place, required: false).ToDomain(),
            Status = status == PointStatus.Unknown ? PointStatus.Unverified : status,
            ObtainedFrom = v.Text("obtained_from", source.ObtainedFrom, BorderLimits.WordLength),
            ConfirmedAt = v.InstantOrNull("confirmed_time", source.ConfirmedTime),
            ReassignmentCheckedAt = v.InstantOrNull("reassignment_checked_time", source.ReassignmentCheckedTime),
            IsAgreed = source.Agreed,
        };
    }
}
