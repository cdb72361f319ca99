using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Planning;

/// <summary>Which points can carry a channel, and in which order they are tried.</summary>
public static class PointChoice
{
    /// <summary>The open points that carry the channel: confirmed first, work last, those of somebody else never. Ties keep the order of the list.</summary>
    public static IEnumerable<ContactPoint> For(DebtorState debtor, ContactChannel channel)
    {
        var tried = 0;
        while (Next(debtor, channel, ref tried) is { } point) yield return point;
    }

    /// <summary>The same one after the other, for a loop that allocates nothing; null after the last of them.</summary>
    /// <param name="tried">0 at first: how far the loop has come.</param>
    internal static ContactPoint? Next(DebtorState debtor, ContactChannel channel, ref int tried)
    {
        var points = debtor.Points;
        for (; tried < (WorstRank + 1) * points.Length; tried++)
        {
            var point = points[tried % points.Length];
            if (RankOf(point) != tried / points.Length || !Carries(point, channel)) continue;
            tried++;
            return point;
        }

        return null;
    }

    /// <summary>The point can carry the channel: it lists it, or lists nothing and its kind allows it.</summary>
    public static bool Carries(ContactPoint point, ContactChannel channel) => CarriedBy(point).Contains(channel);

    public static ChannelSet CarriedBy(ContactPoint point) => point.Channels.IsEmpty ? AllowedBy(point.Kind) : point.Channels;

    /// <summary>Channels that a kind of point allows.</summary>
    public static ChannelSet AllowedBy(PointKind kind) => kind switch
    {
        PointKind.Mobile or PointKind.Phone => ChannelSet.Of(
            ContactChannel.Whatsapp, ContactChannel.Sms, ContactChannel.Call, ContactChannel.Ivr, ContactChannel.VoicemailDrop, ContactChannel.Rcs),
        PointKind.Landline => ChannelSet.Of(ContactChannel.Call, ContactChannel.Ivr, ContactChannel.VoicemailDrop),
        PointKind.Email => ChannelSet.Of(ContactChannel.Email),
        PointKind.Device => ChannelSet.Of(ContactChannel.Push, ContactChannel.Inbox),
        PointKind.Handle => ChannelSet.Of(ContactChannel.Social, ContactChannel.Chat),
        PointKind.Postal => ChannelSet.Of(ContactChannel.Letter, ContactChannel.Visit),
        _ => default,
    };

    private const int WorstRank = 3;

    private static int RankOf(ContactPoint point)
    {
        if (!point.IsOpen || point.Place == PointPlace.ThirdParty) return -1;
        var work = point.Place == PointPlace.Work ? 2 : 0;
        return work + (point.Status == PointStatus.Confirmed ? 0 : 1);
    }
}
