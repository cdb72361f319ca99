using Google.Type;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Tests.Border;

public sealed class EntryBorderTests
{
    private static readonly Dictionary<string, Action<V1.DebtorEntry>> BadChanges = new(StringComparer.Ordinal)
    {
        ["debtor_id REQUIRED"] = e => e.DebtorId = "",
        ["debtor_id ID_MALFORMED"] = e => e.DebtorId = "with blank",
        ["source_version OUT_OF_RANGE"] = e => e.SourceVersion = 0,
        ["profile.language MALFORMED"] = e => e.Profile.Language = "Spanish!",
        ["profile.risk_score OUT_OF_RANGE"] = e => e.Profile.RiskScore = 1.5,
        ["profile.tags[1] MALFORMED"] = e => e.Profile.Tags.Add("no-equals"),
        ["profile.tags TOO_MANY"] = e => e.Profile.Tags.AddRange(Enumerable.Repeat("a=b", 32)),
        ["profile.locations[0].country_code MALFORMED"] = e => e.Profile.Locations[0].CountryCode = "co",
        ["profile.locations[0].zone_id UNKNOWN_ZONE"] = e => e.Profile.Locations[0].ZoneId = "America/Bogotá",
        ["profile.locations[0].source UNKNOWN_VALUE"] = e => e.Profile.Locations[0].Source = (V1.LocationSource)99,
        ["contact_points.points TOO_MANY"] = e => e.ContactPoints.Points.AddRange(Enumerable.Range(0, 16).Select(Point)),
        ["contact_points.points[1].point_id DUPLICATE"] = e => e.ContactPoints.Points.Add(e.ContactPoints.Points[0].Clone()),
        ["contact_points.points[0].kind REQUIRED"] = e => e.ContactPoints.Points[0].Kind = V1.PointKind.Unspecified,
        ["contact_points.points[0].kind UNKNOWN_VALUE"] = e => e.ContactPoints.Points[0].Kind = (V1.PointKind)77,
        ["contact_points.points[0].address REQUIRED"] = e => e.ContactPoints.Points[0].Address = "",
        ["contact_points.points[0].address MALFORMED"] = e => e.ContactPoints.Points[0].Address = "3001234567",
        ["contact_points.points[0].channels INCONSISTENT"] = e => e.ContactPoints.Points[0].Channels.Add(V1.ContactChannel.Email),
        ["contact_points.points[0].channels[1] UNKNOWN_VALUE"] = e => e.ContactPoints.Points[0].Channels.Add((V1.ContactChannel)300),
        ["contact_points.points[0].confirmed_time OUT_OF_RANGE"] = e => e.ContactPoints.Points[0].ConfirmedTime = new() { Seconds = 99_999_999_999 },
        ["accounts TOO_MANY"] = e => e.Accounts.AddRange(Enumerable.Repeat(e.Accounts[0], 32)),
        ["accounts[1].account_id DUPLICATE"] = e => e.Accounts.Add(e.Accounts[0].Clone()),
        ["accounts[0].creditor_id REQUIRED"] = e => e.Accounts[0].CreditorId = "",
        ["accounts[0].party_role REQUIRED"] = e => e.Accounts[0].PartyRole = V1.PartyRole.Unspecified,
        ["accounts[0].balance.units NEGATIVE"] = e => e.Accounts[0].Balance.Units = -1,
        ["accounts[0].balance.units OUT_OF_RANGE"] = e => e.Accounts[0].Balance.Units = 1_000_000_000_000_001,
        ["accounts[0].balance.nanos NEGATIVE"] = e => e.Accounts[0].Balance = new Money { CurrencyCode = "COP", Nanos = -1 },
        ["accounts[0].balance.nanos OUT_OF_RANGE"] = e => e.Accounts[0].Balance.Nanos = 1_000_000_000,
        ["accounts[0].balance.currency_code MALFORMED"] = e => e.Accounts[0].Balance.CurrencyCode = "pesos",
        ["accounts[0].oldest_due_date OUT_OF_RANGE"] = e => e.Accounts[0].OldestDueDate = new Date { Year = 2026, Month = 2, Day = 30 },
        ["accounts[0].stage UNKNOWN_VALUE"] = e => e.Accounts[0].Stage = (V1.AccountStage)12,
        ["accounts[0].variables TOO_MANY"] = e => Enumerable.Range(0, 24).ToList().ForEach(i => e.Accounts[0].Variables[$"v{i}"] = "x"),
        ["accounts[0].variables.first_name TOO_LONG"] = e => e.Accounts[0].Variables["first_name"] = new string('x', 513),
        ["accounts[0].product MALFORMED"] = e => e.Accounts[0].Product = "two words",
        ["consents[0].kind REQUIRED"] = e => e.Consents[0].Kind = V1.ConsentKind.Unspecified,
        ["consents[0].given_time REQUIRED"] = e => e.Consents[0].GivenTime = null,
        ["consents[0].given_time IN_FUTURE"] = e => e.Consents[0].GivenTime = Entries.At(301),
        ["consents[0].expire_time INCONSISTENT"] = e => e.Consents[0].ExpireTime = e.Consents[0].GivenTime,
        ["consents[0].requested_hours REQUIRED"] = e => e.Consents[0].Kind = V1.ConsentKind.HoursForbidden,
        ["consents[0].requested_hours.windows[0].end_time_of_day INCONSISTENT"] = e => e.Consents[0].RequestedHours = Hours(20, 0, 8, 0),
        ["consents[0].requested_hours.windows[0].end_time_of_day OUT_OF_RANGE"] = e => e.Consents[0].RequestedHours = Hours(20, 0, 24, 1),
        ["consents[0].requested_hours.windows[0].start_time_of_day OUT_OF_RANGE"] = e => e.Consents[0].RequestedHours = Hours(24, 0, 24, 0),
        ["consents[1].consent_id DUPLICATE"] = e => e.Consents.Add(e.Consents[0].Clone()),
    };

    public static TheoryData<string> Bad => [.. BadChanges.Keys];

    [Fact]
    public void A_legal_entry_passes() => Assert.Empty(Entries.Violations(Entries.Legal()));

    [Theory]
    [MemberData(nameof(Bad))]
    public void Each_bad_value_is_named_by_its_path(string expected)
    {
        var entry = Entries.Legal();
        BadChanges[expected](entry);

        var violation = Assert.Single(Entries.Violations(entry));

        Assert.Equal(expected, $"{violation.Field} {violation.Reason}");
    }

    [Fact]
    public void All_violations_are_collected()
    {
        var entry = Entries.Legal();
        entry.DebtorId = "";
        entry.Accounts[0].Balance.Units = -5;
        entry.ContactPoints.Points[0].Address = "nobody";
        entry.Consents[0].Kind = (V1.ConsentKind)42;

        Assert.Equal(
            ["debtor_id", "contact_points.points[0].address", "accounts[0].balance.units", "consents[0].kind"],
            Entries.Violations(entry).Select(static v => v.Field));
    }

    [Fact]
    public void A_violation_never_repeats_the_value()
    {
        var entry = Entries.Legal();
        entry.ContactPoints.Points[0].Address = "300-personal";

        Assert.DoesNotContain("300-personal", Assert.Single(Entries.Violations(entry)).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_absent_stays_absent_and_empty_is_not_absent()
    {
        var command = EntryMap.Read("t", new V1.DebtorEntry { DebtorId = "d", SourceVersion = 2, ContactPoints = new() }, new FieldViolations(), Entries.Now);

        Assert.Null(command.Profile);
        Assert.True(command.Points is { IsEmpty: true });
    }

    [Fact]
    public void A_window_may_end_at_midnight_of_its_own_day()
    {
        var entry = Entries.Legal();
        entry.Consents[0].RequestedHours = Hours(20, 30, 24, 0);

        var command = EntryMap.Read("t", entry, new FieldViolations(), Entries.Now);

        Assert.Equal(new WeeklyHours(0b0100_0001, (20 * 60) + 30, WeeklyHours.EndOfDay), Assert.Single(command.Consents[0].Hours));
        Assert.Equal(entry.Consents[0].RequestedHours.Windows[0], ConsentMap.Write(command.Consents[0].Hours[0]));
    }

    [Fact]
    public void A_fact_may_be_five_minutes_ahead()
    {
        var entry = Entries.Legal();
        entry.Consents[0].GivenTime = Entries.At(300);

        Assert.Empty(Entries.Violations(entry));
    }

    [Fact]
    public void An_account_counts_as_its_own_debt_unless_a_key_is_given()
    {
        var command = EntryMap.Read("t", Entries.Legal(), new FieldViolations(), Entries.Now);

        Assert.Equal("acc-1", command.Accounts[0].DebtKey);
        Assert.Equal(PointStatus.Unverified, command.Points!.Value[0].Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(true)]
    [InlineData(false)]
    public void What_an_account_does_not_say_is_not_known_and_what_it_says_comes_back(bool? said)
    {
        var entry = Entries.Legal();
        if (said is { } known) (entry.Accounts[0].ConsumerPurpose, entry.Accounts[0].TimeBarred) = (known, known);

        var account = EntryMap.Read("t", entry, new FieldViolations(), Entries.Now).Accounts[0];
        var written = AccountMap.Write(account);

        Assert.Equal((said, said), (account.IsConsumer, account.IsTimeBarred));
        Assert.Equal((said.HasValue, said.HasValue), (written.HasConsumerPurpose, written.HasTimeBarred));
        Assert.Equal((said ?? false, said ?? false), (written.ConsumerPurpose, written.TimeBarred));
    }

    private static V1.ContactPoint Point(int i) => new() { PointId = $"p{i}", Kind = V1.PointKind.Email, Address = "a@example.com" };

    private static V1.RequestedHours Hours(int fromHour, int fromMinute, int toHour, int toMinute) => new()
    {
        Windows =
        {
            new V1.WeeklyWindow
            {
                Days = { Google.Type.DayOfWeek.Monday, Google.Type.DayOfWeek.Sunday },
                StartTimeOfDay = new TimeOfDay { Hours = fromHour, Minutes = fromMinute },
                EndTimeOfDay = new TimeOfDay { Hours = toHour, Minutes = toMinute },
            },
        },
    };
}
