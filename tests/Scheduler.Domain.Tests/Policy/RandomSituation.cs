using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Tests.Policy;

/// <summary>Debtors that the rules have something to say about: places, histories, holds, promises, hours asked for and refused.</summary>
internal static class RandomSituation
{
    private static readonly string[][] Places = [["CO"], ["US-NY"], ["US-CA", "US-NY"], ["US"], ["CO", "US-FL"], ["CO"], ["US-AZ"]];
    private static readonly ContactChannel[] Channels = [ContactChannel.Call, ContactChannel.Sms, ContactChannel.Whatsapp, ContactChannel.Email, ContactChannel.Ivr];
    private static readonly ContactPurpose[] Purposes = [ContactPurpose.Collection, ContactPurpose.Collection, ContactPurpose.Reply, ContactPurpose.RequestedInformation, ContactPurpose.RequestedCallback];

    public static Situation Of(Random random, PolicySnapshot policy)
    {
        var at = Instant.FromUtc(2026, 1, 10, 0, 0) + Duration.FromSeconds(random.Next(0, 600 * 86_400));
        var debtor = Situation.Living(Places[random.Next(Places.Length)]);
        var situation = new Situation
        {
            Debtor = debtor,
            At = at,
            Channel = Channels[random.Next(Channels.Length)],
            Purpose = Purposes[random.Next(Purposes.Length)],
            Mode = random.Next(2) == 0 ? PlacementMode.Preview : PlacementMode.Automated,
            InReplyTo = random.Next(2) == 0 ? "c0" : "",
        };
        return situation.With(one => one with
        {
            Points = [one.Points[0] with { ConfirmedAt = at - Duration.FromHours(random.Next(1, 70 * 24)) }],
            Contacts = [.. Enumerable.Range(0, random.Next(0, 9)).Select(index => Contact(random, index, at, policy, one)).OrderBy(contact => contact.PlacedAt)],
            Consents = random.Next(3) == 0 ? one.Consents.Add(Hours(random, at)) : one.Consents,
            Holds = random.Next(8) == 0 ? [new Hold { Id = "h1", Kind = HoldKind.Hardship, Start = at + Duration.FromHours(random.Next(-48, 48)), End = at + Duration.FromHours(random.Next(48, 400)) }] : [],
            Promises = random.Next(8) == 0 ? [new Promise { Id = "p1", DueOn = at.InUtc().Date.PlusDays(random.Next(-2, 9)) }] : [],
        });
    }

    private static ContactRecord Contact(Random random, int index, Instant at, PolicySnapshot policy, DebtorState debtor)
    {
        var placed = at - Duration.FromMinutes(random.Next(1, 12 * 24 * 60));
        var facts = new ContactFacts { Placed = random.Next(5) > 0, AddressReached = Maybe(random), Delivered = Maybe(random), TwoWay = Maybe(random), MessageLeft = Maybe(random) };
        return Situation.Contact($"c{index}", Channels[random.Next(Channels.Length)], placed, policy, debtor, facts, (ContactStanding)random.Next(4)) with
        {
            IsInbound = random.Next(5) == 0,
            IsCounted = random.Next(8) > 0,
            Purpose = Purposes[random.Next(Purposes.Length)],
        };
    }

    private static ConsentFact Hours(Random random, Instant at)
    {
        var start = random.Next(0, 22 * 60);
        return new ConsentFact
        {
            Id = "k1",
            Kind = random.Next(2) == 0 ? ConsentKind.HoursExtended : ConsentKind.HoursForbidden,
            GivenAt = at - Duration.FromDays(random.Next(1, 40)),
            GivenDirectly = true,
            Instrument = ConsentInstrument.Separate,
            AlsoOnHolidays = random.Next(2) == 0,
            ExpiresAt = random.Next(2) == 0 ? at + Duration.FromHours(random.Next(1, 200)) : null,
            Hours = [new WeeklyHours((byte)random.Next(0, 128), start, start + random.Next(1, 1440 - start))],
        };
    }

    private static bool? Maybe(Random random) => random.Next(3) switch { 0 => null, 1 => true, _ => false };
}
