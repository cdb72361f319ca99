using Scheduler.Domain.Attempts;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Tests.Audit;

/// <summary>What answers the debtor is freed from hours and caps as far as the laws free it and no further, without a look at any pack.</summary>
public sealed class AnswerAuditTests
{
    private const string Evening = "2026-10-30T01:00:00Z"; // Thursday 20:00 in Bogota, 21:00 in New York
    private const string Morning = "2026-10-29T15:00:00Z"; // Thursday 10:00 in Bogota

    private static readonly ContactFacts Delivered = new() { Delivered = true, TwoWay = false };

    [Theory]
    [InlineData("2026-10-30T01:10:00Z", "2026-10-30T01:15:00Z", ContactChannel.Whatsapp, ContactPurpose.Reply, true)]
    [InlineData("2026-10-30T01:59:00Z", "2026-10-30T02:00:00Z", ContactChannel.Whatsapp, ContactPurpose.Reply, true)]
    [InlineData("2026-10-30T01:59:00Z", "2026-10-30T02:00:01Z", ContactChannel.Whatsapp, ContactPurpose.Reply, false)]
    [InlineData("2026-10-30T02:00:00Z", "2026-10-30T02:05:00Z", ContactChannel.Whatsapp, ContactPurpose.Reply, false)]
    [InlineData("2026-10-30T01:10:00Z", "2026-10-30T01:15:00Z", ContactChannel.Sms, ContactPurpose.Reply, false)]
    [InlineData("2026-10-30T01:10:00Z", "2026-10-30T01:15:00Z", ContactChannel.Whatsapp, ContactPurpose.RequestedInformation, false)]
    public void Who_writes_at_night_may_be_answered_at_night_for_an_hour_by_the_same_channel(string at, string notAfter, ContactChannel channel, ContactPurpose purpose, bool isLawful)
    {
        foreach (var (country, zone) in new[] { ("CO", "America/Bogota"), ("US", "America/New_York") })
        {
            var found = Kinds(Wrote(Evening, country, zone).Lease(at, channel, notAfter, purpose: purpose, inReplyTo: $"in-{Evening}"));
            Assert.Equal(isLawful, !found.Contains(ViolationKind.OutsideWindow) && !found.Contains(ViolationKind.NotAfterBeyondWindow));
        }
    }

    [Fact]
    public void A_second_answer_at_night_is_found() => Assert.Contains(ViolationKind.OutsideWindow, Kinds(Wrote(Evening)
        .Lease("2026-10-30T01:10:00Z", purpose: ContactPurpose.Reply, inReplyTo: $"in-{Evening}").Lapsed("2026-10-30T01:16:00Z", counted: true)
        .Lease("2026-10-30T01:30:00Z", purpose: ContactPurpose.Reply, inReplyTo: $"in-{Evening}")));

    [Theory]
    [InlineData("2026-10-30T14:59:59Z", $"in-{Morning}", false)]
    [InlineData("2026-10-30T15:00:00Z", $"in-{Morning}", true)]
    [InlineData("2026-10-30T14:59:59Z", "", true)]
    public void An_answer_is_free_of_the_Colombian_day_for_twenty_four_hours(string at, string inReplyTo, bool isFound) => Assert.Equal(isFound, Kinds(Wrote(Morning)
        .Lease("2026-10-30T14:00:00Z").Placed("2026-10-30T14:01:00Z", ContactChannel.Whatsapp, Delivered)
        .Lease(at, purpose: ContactPurpose.Reply, inReplyTo: inReplyTo)).Contains(ViolationKind.CapExceeded));

    [Theory]
    [InlineData(ContactChannel.Whatsapp, false)]
    [InlineData(ContactChannel.Sms, true)]
    public void One_answer_by_the_same_channel_is_free_of_the_Colombian_day(ContactChannel channel, bool isFound)
    {
        var log = Talked(Morning).Lease("2026-10-29T16:00:00Z", channel, purpose: ContactPurpose.Reply, inReplyTo: $"in-{Morning}");
        Assert.Equal(isFound, Kinds(log).Contains(ViolationKind.CapExceeded));
        log.Lapsed("2026-10-29T16:06:00Z", counted: true).Lease("2026-10-29T17:00:00Z", channel, purpose: ContactPurpose.Reply, inReplyTo: $"in-{Morning}");
        Assert.Contains(ViolationKind.CapExceeded, Kinds(log));
    }

    [Theory]
    [InlineData("2026-10-30T15:00:00Z", $"in-{Morning}", false)]
    [InlineData("2026-10-31T15:00:00Z", $"in-{Morning}", true)] // the third day
    [InlineData("2026-10-30T15:00:00Z", "", true)]
    public void Information_asked_for_is_free_of_the_Colombian_week_until_the_day_after(string at, string inReplyTo, bool isFound) => Assert.Equal(
        isFound, Kinds(Talked(Morning).Lease(at, ContactChannel.Email, purpose: ContactPurpose.RequestedInformation, inReplyTo: inReplyTo)).Contains(ViolationKind.CapExceeded));

    [Fact]
    public void Information_asked_for_is_given_once() => Assert.Contains(ViolationKind.CapExceeded, Kinds(Talked(Morning)
        .Lease("2026-10-29T16:00:00Z", ContactChannel.Email, purpose: ContactPurpose.RequestedInformation, inReplyTo: $"in-{Morning}").Lapsed("2026-10-29T16:06:00Z", counted: true)
        .Lease("2026-10-29T17:00:00Z", ContactChannel.Email, purpose: ContactPurpose.RequestedInformation, inReplyTo: $"in-{Morning}")));

    [Theory]
    [InlineData(ContactPurpose.Reply)]
    [InlineData(ContactPurpose.RequestedInformation)]
    public void A_conversation_closes_American_calls_to_answers_as_well(ContactPurpose purpose) => Assert.Contains(ViolationKind.CapExceeded, Kinds(
        new LogOfOneDebtor("US", "America/New_York").Inbound(Morning, ContactChannel.Call, isTwoWay: true)
            .Lease("2026-10-29T16:00:00Z", ContactChannel.Call, purpose: purpose, inReplyTo: $"in-{Morning}")));

    private static LogOfOneDebtor Wrote(string at, string country = "CO", string zone = "America/Bogota") =>
        new LogOfOneDebtor(country, zone).Inbound(at, ContactChannel.Whatsapp, isTwoWay: false);

    private static LogOfOneDebtor Talked(string at) => new LogOfOneDebtor().Inbound(at, ContactChannel.Whatsapp, isTwoWay: true);

    private static List<ViolationKind> Kinds(LogOfOneDebtor log) => [.. log.Check().Violations.Select(violation => violation.Kind)];
}
