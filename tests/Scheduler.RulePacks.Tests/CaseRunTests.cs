using Scheduler.RulePacks.Cases;

namespace Scheduler.RulePacks.Tests;

/// <summary>The case tables prove something only if a wrong row fails.</summary>
public sealed class CaseRunTests
{
    private const string Header = "| case | mode | contact | at | place | given | expected | rule | source |\n|---|---|---|---|---|---|---|---|---|\n";

    [Theory]
    [InlineData("defer Sat 2026-11-21 08:00", "CO.hours", "")]
    [InlineData("permit", "-", "expected permit")]
    [InlineData("defer Sat 2026-11-21 08:01", "CO.hours", "expected defer")]
    [InlineData("defer Sat 2026-11-21 08:00", "CO.day", "expected the rule")]
    [InlineData("forbid", "CO.hours", "expected forbid")]
    public void A_row_that_is_wrong_says_so(string expected, string rule, string problem)
    {
        var found = CaseRun.Check(Row($"| c | strict | call | Fri 2026-11-20 19:00:00 | CO | - | {expected} | {rule} | s |"), PackLibrary.LoadShipped().Compile());
        if (problem.Length == 0) Assert.Empty(found);
        else Assert.Contains(problem, found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_contact_said_not_to_be_counted_must_not_be() =>
        Assert.Contains("not counted", CaseRun.Check(Row("| c | strict | call | Fri 2026-11-20 10:00 | CO | - | permit, not counted | - | s |"), PackLibrary.LoadShipped().Compile()), StringComparison.Ordinal);

    [Theory]
    [InlineData("| c | strict | call | Sat 2026-11-20 19:00:00 | CO | - | permit | - | s |")]
    [InlineData("| c | strict | telegram | Fri 2026-11-20 19:00:00 | CO | - | permit | - | s |")]
    [InlineData("| c | strict | call | Fri 2026-11-20 19:00:00 | Bogota | - | permit | - | s |")]
    [InlineData("| c | strict | call | Fri 2026-11-20 19:00:00 | CO | the debtor is sad | permit | - | s |")]
    [InlineData("| c | strict | call | Fri 2026-11-20 19:00:00 | CO | - | maybe | - | s |")]
    [InlineData("| c | strict | call | Fri 2026-11-20 19:00:00 | CO | call unanswered Mon 2026-11-16 10:00 with attorney | permit | - | s |")]
    public void A_row_that_cannot_be_read_is_refused(string row)
    {
        var policy = PackLibrary.LoadShipped().Compile();
        Assert.Throws<FormatException>(() => CaseRun.Check(Row(row), policy));
    }

    [Fact]
    public void A_row_with_a_column_too_few_is_refused_with_its_line()
    {
        var broken = Assert.Throws<FormatException>(() => Row("| c | strict | call | Fri 2026-11-20 19:00:00 | CO | - | permit | - |"));
        Assert.Contains("cases.md(3)", broken.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2x call unanswered Mon 2026-11-16 10:00 hourly; call unanswered Tue 2026-11-17 10:00 with spouse", "household", "defer Mon 2026-11-23 00:00", "XX.cap")]
    [InlineData("2x call unanswered Mon 2026-11-16 10:00 hourly; call unanswered Tue 2026-11-17 10:00 with co_debtor", "household", "permit", "-")]
    [InlineData("2x call unanswered Mon 2026-11-16 10:00 hourly; call unanswered Tue 2026-11-17 10:00 with co_debtor", "account", "defer Mon 2026-11-23 00:00", "XX.cap")]
    [InlineData("2x call unanswered Mon 2026-11-16 10:00 hourly; call unanswered Tue 2026-11-17 10:00 with guarantor about B", "account", "permit", "-")]
    [InlineData("account B debt D; account A debt D; 3x call unanswered Tue 2026-11-17 10:00 hourly with co_debtor about B", "debt", "defer Tue 2026-11-24 00:00", "XX.cap")]
    [InlineData("2x call unanswered Mon 2026-11-16 10:00 hourly; call unanswered Tue 2026-11-17 10:00 with co_debtor", "person, account", "permit", "-")]
    public void Contacts_with_others_count_where_the_rule_is_kept_for_all_of_them(string given, string scope, string expected, string rule)
    {
        var text = $$"""
            schema: 2
            packs:
              - id: XX
                applies: {country: US}
                rules:
                  - {id: XX.cap, type: cap, limit: 3, period: {local_days: 7}, scope: [{{scope}}], counts: {predicate: placed}, source: s}
            """;
        Assert.True(PackLibrary.TryLoad([new PackText("0/pack.yaml", text)], out var library, out var problems), string.Join('\n', problems));
        Assert.Empty(CaseRun.Check(Row($"| c | - | call | Wed 2026-11-18 10:00 | US-NY | {given} | {expected} | {rule} | s |"), library.Compile()));
    }

    private static PackCase Row(string row) => CaseTable.Read(new PackText("cases.md", Header + row)).Single();
}
