using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Audit;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Reading;

namespace Scheduler.Domain.Tests.Audit;

/// <summary>Contacts of everybody who owes the account or is of the household are counted again together. Two a week; all keep Lima's clocks.</summary>
public sealed class SharedCapAuditTests
{
    private static readonly RulePack Account = Load("account");
    private static readonly RulePack Debt = Load("debt");
    private static readonly RulePack Household = Load("household");
    private static readonly RulePack OneParty = Load("person, account");

    [Fact]
    public void A_third_contact_about_an_account_is_found_whoever_had_the_others()
    {
        var report = Check(Account, Leased(Account, "ana"), Called(Account, "eva", "2026-10-26", "2026-10-28"));
        Assert.Equal((ViolationKind.CapExceeded, "ana"), (Assert.Single(report.Violations).Kind, report.Violations[0].DebtorId));
        Assert.Contains("2 of other parties", report.Violations[0].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_lawful_together_passes()
    {
        Assert.Equal(0, Check(Account, Leased(Account, "ana"), Called(Account, "eva", "2026-10-28")).ViolationCount);
        Assert.Equal(0, Check(Account, Leased(Account, "ana", account: "a-2"), Called(Account, "eva", "2026-10-26", "2026-10-28")).ViolationCount);
        Assert.Equal(0, Check(Account, Leased(Account, "ana", at: "2026-11-02T15:00:00Z"), Called(Account, "eva", "2026-10-26", "2026-10-28")).ViolationCount);
        Assert.Equal(0, Check(OneParty, Leased(OneParty, "ana"), Called(OneParty, "eva", "2026-10-26", "2026-10-28")).ViolationCount);
    }

    [Fact]
    public void What_was_given_back_does_not_count_for_the_other()
    {
        var eva = Called(Account, "eva", "2026-10-26").Lease("2026-10-28T15:00:00Z", ContactChannel.Call).Released("2026-10-28T15:02:00Z");
        Assert.Equal(0, Check(Account, Leased(Account, "ana"), eva).ViolationCount);
    }

    [Fact]
    public void A_contact_that_two_debtors_have_counts_once()
    {
        Assert.Equal(0, Check(Account, Seeded("ana", "x").Lease("2026-10-29T15:00:00Z"), Seeded("eva", "x")).ViolationCount);
        Assert.Equal(1, Check(Account, Seeded("ana", "x").Lease("2026-10-29T15:00:00Z"), Seeded("eva", "y")).ViolationCount);
    }

    [Fact]
    public void Accounts_with_one_debt_key_are_counted_together_for_the_debt_alone()
    {
        Assert.Equal(ViolationKind.CapExceeded, Assert.Single(Check(Debt, Owing(Debt, "ana", "loan-1"), Owing(Debt, "eva", "loan-2", contacts: 2)).Violations).Kind);
        Assert.Equal(0, Check(Account, Owing(Account, "ana", "loan-1"), Owing(Account, "eva", "loan-2", contacts: 2)).ViolationCount);
    }

    [Theory]
    [InlineData("eva", "")]
    [InlineData("", "ana")]
    public void Spouses_are_counted_together_whichever_named_the_other(string ofAna, string ofEva)
    {
        var eva = Called(Log(Household, "eva", ofEva), "2026-10-26", "2026-10-28");
        Assert.Equal(ViolationKind.CapExceeded, Assert.Single(Check(Household, Log(Household, "ana", ofAna).Lease("2026-10-29T15:00:00Z"), eva).Violations).Kind);
        Assert.Equal(0, Check(Household, Leased(Household, "zoe"), eva).ViolationCount);
    }

    [Fact]
    public void A_household_that_was_taken_over_from_another_debtor_counts_too()
    {
        var joined = new DebtorEvent.ScopeJoined(LogOfOneDebtor.At("2026-10-28T13:00:00Z"), SharedScope.Household("old-ana", "eva"));
        var eva = Called(Log(Household, "eva", "old-ana"), "2026-10-26", "2026-10-28");
        Assert.Equal(ViolationKind.CapExceeded, Assert.Single(Check(Household, Log(Household, "ana").Write("2026-10-28T13:00:00Z", joined).Lease("2026-10-29T15:00:00Z"), eva).Violations).Kind);
    }

    [Theory]
    [InlineData("2026-10-29T14:59:30Z", 1, 0)]
    [InlineData("2026-10-29T14:59:31Z", 0, 1)]
    public void A_fact_of_another_that_was_written_just_before_the_lease_is_a_late_one(string at, int violations, int late)
    {
        // Given back, and placed all the same.
        var eva = Called(Account, "eva", "2026-10-28").Lease("2026-10-29T14:50:00Z", ContactChannel.Call).Released("2026-10-29T14:51:00Z").Placed(at, ContactChannel.Call, default);
        var report = Check(Account, Leased(Account, "ana"), eva);
        Assert.Equal((violations, late), (report.ViolationCount, report.LateFactCount));
    }

    [Fact]
    public void A_lease_of_another_counts_at_once_also_where_its_outcome_came_late()
    {
        var eva = Called(Account, "eva", "2026-10-28").Lease("2026-10-29T14:59:00Z", ContactChannel.Call).Placed("2026-10-29T14:59:50Z", ContactChannel.Call, default);
        Assert.Equal(ViolationKind.CapExceeded, Assert.Single(Check(Account, Leased(Account, "ana"), eva).Violations, static one => one.DebtorId == "ana").Kind);
    }

    [Fact]
    public void A_contact_counts_on_the_dates_of_its_own_party()
    {
        // Monday's last hour in Lima is Tuesday in Madrid.
        var eva = new LogOfOneDebtor("RU", "Europe/Madrid", debtor: "eva") { Pack = Account.Version };
        eva.Lease("2026-10-26T23:30:00Z", ContactChannel.Call).Lease("2026-10-26T23:40:00Z", ContactChannel.Call);
        Assert.Contains(Check(Account, Leased(Account, "ana", at: "2026-11-02T15:00:00Z"), eva).Violations, static one => one is { DebtorId: "ana", Kind: ViolationKind.CapExceeded });
    }

    private static LogOfOneDebtor Log(RulePack pack, string debtor, string spouse = "") => new("RU", "America/Lima", debtor: debtor, spouse: spouse) { Pack = pack.Version };

    private static LogOfOneDebtor Leased(RulePack pack, string debtor, string account = "a-1", string at = "2026-10-29T15:00:00Z") => Log(pack, debtor).Lease(at, account: account);

    private static LogOfOneDebtor Called(RulePack pack, string debtor, params ReadOnlySpan<string> dates) => Called(Log(pack, debtor), dates);

    private static LogOfOneDebtor Called(LogOfOneDebtor log, params ReadOnlySpan<string> dates)
    {
        foreach (var date in dates) log.Lease($"{date}T15:00:00Z", ContactChannel.Call).Placed($"{date}T15:01:00Z", ContactChannel.Call, new ContactFacts { Delivered = false, TwoWay = false });
        return log;
    }

    /// <summary>A contact made elsewhere came with the debtor.</summary>
    private static LogOfOneDebtor Seeded(string debtor, string id)
    {
        var at = LogOfOneDebtor.At("2026-10-28T15:00:00Z");
        var contact = new ContactRecord
        {
            Id = id,
            Channel = ContactChannel.Call,
            Accounts = [new("a-1")],
            PlacedAt = at,
            FirstDate = new LocalDate(2026, 10, 28),
            LastDate = new LocalDate(2026, 10, 28),
            Facts = new() { Placed = true },
            Standing = ContactStanding.Settled,
        };
        return Log(Account, debtor).Write("2026-10-28T15:00:00Z", new DebtorEvent.ContactSeeded(at, contact, "crm", Counted: true));
    }

    /// <summary>An account of its own under a debt key that others have too: contacted on the days before, or leased on the 29th.</summary>
    private static LogOfOneDebtor Owing(RulePack pack, string debtor, string account, int contacts = 0)
    {
        var at = LogOfOneDebtor.At("2026-10-28T12:00:00Z");
        var loan = new Account { Id = new(account), CreditorId = "bank", Collector = CollectorKind.ThirdParty, DebtKey = "number-7", Stage = AccountStage.Overdue };
        var log = Log(pack, debtor).Write("2026-10-28T12:00:00Z", new DebtorEvent.AccountEntered(at, loan));
        for (var hour = 0; hour < contacts; hour++)
            log.Lease($"2026-10-28T{15 + hour}:00:00Z", ContactChannel.Call, account: account).Placed($"2026-10-28T{15 + hour}:01:00Z", ContactChannel.Call, default, account: account);
        return contacts > 0 ? log : log.Lease("2026-10-29T15:00:00Z", account: account);
    }

    private static ComplianceReport Check(RulePack pack, params ReadOnlySpan<LogOfOneDebtor> logs) => LogOfOneDebtor.Check(version => version == pack.Version ? pack : null, logs);

    private static RulePack Load(string scope)
    {
        var text = $$"""
            schema: 2
            packs:
              - id: RU
                applies: {country: RU}
                rules:
                  - {id: RU.two_a_week, type: cap, limit: 2, period: {local_days: 7}, scope: [{{scope}}], counts: {predicate: placed}, source: "[T]"}
            """;
        Assert.True(PackLibrary.TryLoad([new PackText("RU/pack.yaml", text)], out var library, out var problems), string.Join("; ", problems));
        return library.Packs.Single().Pack;
    }
}
