using Scheduler.Domain.Attempts;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Debtors;

/// <summary>
/// What may have been placed while writes were lost: one contact for each channel that the debtor's points carry, as the worst that the channel
/// allows, about every account and in everybody's name. Counted by the debtor's own next decision, once.
/// </summary>
internal static class GapContacts
{
    public const string Source = "restore";

    public static void Count(Draft d)
    {
        if (d.State.GapsCounted >= d.Context.LastGap || d.State.Phase == DebtorPhase.Erased) return;
        var channels = default(ChannelSet);
        foreach (var point in d.State.Points) channels = channels.Union(PointChoice.CarriedBy(point));
        foreach (var gap in d.Context.Gaps)
        {
            if (gap.Number <= d.State.GapsCounted) continue;
            foreach (var channel in Enum.GetValues<ContactChannel>())
            {
                if (channels.Contains(channel)) Add(d, gap, channel);
            }
        }

        d.State = d.State with { GapsCounted = d.Context.LastGap };
    }

    /// <summary>On every date from the last known write to the declaration; hours run from the declaration, which is the latest it can have been.</summary>
    private static void Add(Draft d, RecoveryGap gap, ContactChannel channel)
    {
        var worst = WorstCase.Worst(channel);
        var contact = new ContactRecord
        {
            Id = $"{Source}:{gap.Number}:{channel}:{d.State.Key.Debtor}",
            Channel = channel,
            Purpose = ContactPurpose.Unknown,
            PlacedAt = gap.End,
            DeliveredAt = gap.End,
            FirstDate = d.LocalDates(gap.Start).First,
            LastDate = d.LocalDates(gap.End).Last,
            Facts = new ContactFacts
            {
                Placed = true,
                AddressReached = true,
                Delivered = worst.HasFlag(CountedFacts.Delivered),
                Perceived = worst.HasFlag(CountedFacts.Perceived),
                MessageLeft = worst.HasFlag(CountedFacts.MessageLeft),
                MessagePossible = true,
                TwoWay = worst.HasFlag(CountedFacts.TwoWay),
            },
            Standing = ContactStanding.Settled,
        };
        var isCounted = d.Context.Policy.MayCount(d.State, contact, d.Now);
        d.Record(new DebtorEvent.ContactSeeded(gap.End, contact, Source, isCounted));
        if (isCounted) d.Put(contact);
    }
}
