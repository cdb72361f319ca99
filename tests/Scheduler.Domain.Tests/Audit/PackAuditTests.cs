using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Reading;

namespace Scheduler.Domain.Tests.Audit;

/// <summary>What a pack of the time forbids is found in a log that holds it. Ruritania keeps Lima's clocks; 29 October 2026 is a Thursday.</summary>
public sealed class PackAuditTests
{
    private const string Text = """
        schema: 2
        calendars:
          RU: {days: [{name: Founding, fixed: "11-03"}]}
        packs:
          - id: RU
            applies: {country: RU}
            valid_from: 2026-10-01
            rules:
              - {id: RU.hours, type: window, judged_at: [placed, delivered], week: {mon-fri: "09:00-17:00"}, closed_on: RU, source: "[T]"}
              - {id: RU.two_a_week, type: cap, limit: 2, period: {week: mon}, scope: [account], counts: {predicate: placed}, source: "[T]"}
              - {id: RU.consent, type: consent, governs: {channels: [sms]}, per: [channel], source: "[T]"}
              - {id: RU.parties, type: party, allow: [principal], source: "[T]"}
              - {id: RU.no_push, type: forbid, governs: {channels: [push]}, source: "[T]"}
              - {id: RU.email_later, type: forbid, governs: {channels: [email]}, valid_from: 2026-11-01, source: "[T]"}
            exceptions:
              - {id: RU.asked, lifts: [RU.hours], when: {requested_hours: true, instrument: [separate]}, source: "[T]"}
              - {id: RU.reply, lifts: [RU.hours, RU.two_a_week], when: {purpose: [reply], same_medium: true, inbound_within_hours: 24}, source: "[T]"}
        """;

    private static readonly RulePack Pack = Load(Text);

    [Theory]
    [InlineData("2026-10-29T14:00:00Z", null)] // Thursday 09:00
    [InlineData("2026-10-29T13:59:59Z", ViolationKind.OutsideWindow)]
    [InlineData("2026-10-29T21:55:00Z", null)] // 16:55, until 17:00
    [InlineData("2026-10-29T21:55:01Z", ViolationKind.NotAfterBeyondWindow)]
    [InlineData("2026-10-31T15:00:00Z", ViolationKind.OutsideWindow)] // Saturday
    [InlineData("2026-11-03T15:00:00Z", ViolationKind.OutsideWindow)] // the holiday
    public void Hours_and_closed_days_are_the_packs_own(string at, ViolationKind? found) => Assert.Equal(found, First(Log().Lease(at)));

    [Theory]
    [InlineData("", ViolationKind.DeliveredBeyondWindow)]
    [InlineData("2026-10-29T22:00:00Z", null)]
    [InlineData("2026-10-29T22:00:01Z", ViolationKind.DeliveredBeyondWindow)]
    public void Where_delivery_is_judged_its_end_stands_inside_the_window(string end, ViolationKind? found) =>
        Assert.Equal(found, First(Log().Lease("2026-10-29T15:00:00Z", deliverBefore: end)));

    /// <summary>As dates that are closed while running are written: in force from the day before to the day after.</summary>
    [Theory]
    [InlineData("2026-11-02T15:00:00Z", "", ViolationKind.DeliveredBeyondWindow)]
    [InlineData("2026-11-02T15:00:00Z", "2026-11-03T05:00:00Z", null)]
    [InlineData("2026-11-03T15:00:00Z", "", ViolationKind.OutsideWindow)]
    [InlineData("2026-11-04T15:00:00Z", "", null)]
    public void A_rule_that_closes_no_more_until_its_last_day_asks_for_no_end_of_delivery(string at, string end, ViolationKind? found)
    {
        var closed = Load("""
            schema: 2
            calendars:
              RU: {days: [{name: Mourning, once: 2026-11-03}]}
            packs:
              - id: RU
                applies: {country: RU}
                rules:
                  - {id: RU.closed, type: window, judged_at: [placed, delivered], week: {mon-sun: "00:00-24:00"}, closed_on: RU, valid_from: 2026-11-02, valid_to: 2026-11-04, source: "[T]"}
            """);
        var log = new LogOfOneDebtor("RU", "America/Lima") { Pack = closed.Version }.Lease(at, deliverBefore: end);
        Assert.Equal(found, log.Check(version => version == closed.Version ? closed : null).Violations is [var first, ..] ? first.Kind : null);
    }

    [Fact]
    public void Hours_asked_for_on_the_right_paper_open_the_window()
    {
        var sunday = new WeeklyHours(64, 600, 660);
        Assert.Null(First(Log().Consent("asked", ConsentKind.HoursExtended, "2026-10-28T15:00:00Z", hours: sunday).Lease("2026-11-01T15:00:00Z")));
        Assert.Equal(ViolationKind.OutsideWindow, First(Log().Consent("asked", ConsentKind.HoursExtended, "2026-10-28T15:00:00Z", hours: sunday).Lease("2026-11-01T16:00:00Z")));
    }

    [Fact]
    public void A_third_contact_in_the_calendar_week_is_found_for_the_same_account_alone()
    {
        static LogOfOneDebtor Two() => Called(Called(Log(), "2026-10-26"), "2026-10-28");
        Assert.Equal(ViolationKind.CapExceeded, First(Two().Lease("2026-10-30T15:00:00Z")));
        Assert.Null(First(Two().Lease("2026-10-30T15:00:00Z", account: "a-2")));
        Assert.Null(First(Two().Lease("2026-11-02T15:00:00Z")));
    }

    [Fact]
    public void An_answer_to_the_debtor_needs_an_inbound_contact_of_the_same_medium()
    {
        static LogOfOneDebtor Asked(ContactChannel channel) => Log().Inbound("2026-10-29T23:00:00Z", channel, isTwoWay: false)
            .Lease("2026-10-30T01:00:00Z", ContactChannel.Whatsapp, purpose: ContactPurpose.Reply, inReplyTo: "in-2026-10-29T23:00:00Z");
        Assert.Null(First(Asked(ContactChannel.Whatsapp)));
        Assert.Equal(ViolationKind.OutsideWindow, First(Asked(ContactChannel.Sms)));
    }

    [Fact]
    public void Channels_and_consents_are_the_packs_own()
    {
        Assert.Equal(ViolationKind.Forbidden, First(Log().Lease("2026-10-29T15:00:00Z", ContactChannel.Push)));
        Assert.Null(First(Log(consents: false).Lease("2026-10-29T15:00:00Z")));
        Assert.Equal(ViolationKind.NoConsent, First(Log(consents: false).Lease("2026-10-29T15:00:00Z", ContactChannel.Sms)));
        Assert.Null(First(Log().Lease("2026-10-30T15:00:00Z", ContactChannel.Email)));
        Assert.Equal(ViolationKind.Forbidden, First(Log().Lease("2026-11-02T15:00:00Z", ContactChannel.Email)));
    }

    [Fact]
    public void A_pack_that_nobody_knows_and_a_country_without_one_are_found()
    {
        Assert.Equal(ViolationKind.PackUnknown, Log().Lease("2026-10-29T15:00:00Z").Check(static _ => null).Violations[0].Kind);
        var elsewhere = new LogOfOneDebtor("PE", "America/Lima") { Pack = Pack.Version }.Lease("2026-10-29T15:00:00Z");
        Assert.Contains(elsewhere.Check(static _ => Pack).Violations, static one => one.Detail == "no pack speaks for PE");
    }

    private static LogOfOneDebtor Log(bool consents = true) => new("RU", "America/Lima", consents: consents) { Pack = Pack.Version };

    private static LogOfOneDebtor Called(LogOfOneDebtor log, string date) =>
        log.Lease($"{date}T15:00:00Z", ContactChannel.Call).Placed($"{date}T15:01:00Z", ContactChannel.Call, new ContactFacts { Delivered = false, TwoWay = false });

    private static ViolationKind? First(LogOfOneDebtor log) => log.Check(static version => version == Pack.Version ? Pack : null).Violations is [var first, ..] ? first.Kind : null;

    private static RulePack Load(string text)
    {
        Assert.True(PackLibrary.TryLoad([new PackText("RU/pack.yaml", text)], out var library, out var problems), string.Join("; ", problems));
        return library.Packs.Single().Pack;
    }
}
