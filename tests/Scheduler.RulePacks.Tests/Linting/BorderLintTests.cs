using Scheduler.RulePacks.Linting;

namespace Scheduler.RulePacks.Tests.Linting;

/// <summary>One small pack for each kind of border: lint has nothing to say of it, and names the one border whose row is taken away.</summary>
public sealed class BorderLintTests
{
    private static readonly Border[] Borders =
    [
        new("hours", "{id: XX.rule, type: window, week: {all: \"09:00-18:00\"}, source: \"art. 1 [T]\"}")
        {
            Rows =
            [
                new("call", "Wed 2026-11-18 08:59:59", "-", "defer Wed 2026-11-18 09:00", "border-window", "in the last second before the start of all 09:00-18:00"),
                new("call", "Wed 2026-11-18 09:00", "-", "permit until 18:00", "border-window", "at the start of all 09:00-18:00"),
                new("call", "Wed 2026-11-18 17:59:59", "-", "permit until 18:00", "border-window", "in the last second before the end of all 09:00-18:00"),
                new("call", "Wed 2026-11-18 18:00", "-", "defer Thu 2026-11-19 09:00", "border-window", "at the end of all 09:00-18:00"),
            ],
        },
        new("closed days", "{id: XX.rule, type: window, week: {mon-fri: \"00:00-24:00\"}, closed_on: XX, source: \"art. 1 [T]\"}")
        {
            Calendar = "calendars:\n  XX: {days: [{name: Day, fixed: \"11-25\"}]}\n",
            Rows =
            [
                new("call", "Sat 2026-11-21 10:00", "-", "defer Mon 2026-11-23 00:00", "border-closed-day", "on a weekday without hours"),
                new("call", "Wed 2026-11-25 10:00", "-", "defer Thu 2026-11-26 00:00", "border-closed-day", "on a holiday of the calendar XX"),
            ],
        },
        new("clocks", "{id: XX.rule, type: window, week: {mon-sun: \"00:00-24:00\"}, source: \"art. 1 [T]\"}")
        {
            Place = "US-NY",
            Applies = "country: US, region: NY, stands_alone: true",
            IsOfPack = true,
            Rows =
            [
                new("call", "Sun 2026-03-08 12:00", "-", "permit", "border-clocks", "on a day when clocks go forward (America/New_York)"),
                new("call", "Sun 2026-11-01 12:00", "-", "permit", "border-clocks", "on a day when clocks go back (America/New_York)"),
            ],
        },
        new("a limit", "{id: XX.rule, type: cap, limit: 2, period: {local_days: 1}, scope: [person], counts: {placed: true}, source: \"art. 1 [T]\"}")
        {
            Rows =
            [
                new("call", "Wed 2026-11-18 13:00", "call unanswered Wed 2026-11-18 10:00", "permit", "border-cap", "with 1 counted contacts"),
                new("call", "Wed 2026-11-18 13:00", "2x call unanswered Wed 2026-11-18 10:00 hourly", "defer Thu 2026-11-19 00:00", "border-cap", "with 2 counted contacts"),
                new("call", "Wed 2026-11-18 13:00", "3x call unanswered Wed 2026-11-18 10:00 hourly", "defer Thu 2026-11-19 00:00", "border-cap", "with 3 counted contacts"),
                new("call", "Thu 2026-11-19 00:00", "2x call unanswered Wed 2026-11-18 10:00 hourly", "permit", "border-cap", "at the first instant at which it frees"),
            ],
        },
        new("a day closed", "{id: XX.rule, type: closed_until, until: end_of_local_day, scope: [person], counts: {placed: true}, source: \"art. 1 [T]\"}")
        {
            Rows =
            [
                new("call", "Wed 2026-11-18 13:00", "call unanswered Wed 2026-11-18 10:00", "defer Thu 2026-11-19 00:00", "border-closing", "in the last time that it closes"),
                new("call", "Thu 2026-11-19 00:00", "call unanswered Wed 2026-11-18 10:00", "permit", "border-closing", "at the first instant at which it frees"),
            ],
        },
        new("consent", "{id: XX.rule, type: consent, per: [channel], source: \"art. 1 [T]\"}")
        {
            Rows =
            [
                new("sms", "Wed 2026-11-18 13:00", "-", "permit", "border-consent", "with consent"),
                new("sms", "Wed 2026-11-18 13:00", "no consent sms", "forbid", "border-consent", "without consent"),
                new("sms", "Wed 2026-11-18 13:00", "withdrawn sms on Tue 2026-11-17 10:00", "forbid consent.withdrawn", "border-consent", "with consent withdrawn"),
            ],
        },
        new("parties", "{id: XX.rule, type: party, allow: [principal], source: \"art. 1 [T]\"}")
        {
            Rows =
            [
                new("call", "Wed 2026-11-18 13:00", "-", "permit", "border-party", "with a role that is allowed"),
                new("call to spouse", "Wed 2026-11-18 13:00", "-", "forbid", "border-party", "with a role that is refused"),
            ],
        },
        new("what is forbidden", "{id: XX.rule, type: forbid, governs: {channels: [visit]}, source: \"art. 1 [T]\"}")
        {
            Rows = [new("visit", "Wed 2026-11-18 13:00", "-", "forbid", "border-forbid", "refused")],
        },
        new("what is forbidden unless", "{id: XX.rule, type: forbid, governs: {channels: [visit]}, unless: {product: [microcredit]}, source: \"art. 1 [T]\"}")
        {
            Rows =
            [
                new("visit", "Wed 2026-11-18 13:00", "-", "forbid", "border-forbid", "refused"),
                new("visit", "Wed 2026-11-18 13:00", "product microcredit", "permit", "border-forbid", "freed by its 'unless'"),
            ],
        },
        new("a notice", "{id: XX.rule, type: notice, require: [opt_out], source: \"art. 1 [T]\"}")
        {
            Rows =
            [
                new("sms", "Wed 2026-11-18 13:00", "-", "permit", "border-notice", "with the notices carried"),
                new("sms", "Wed 2026-11-18 13:00", "no notices", "forbid", "border-notice", "without them ('no notices')"),
            ],
        },
        new("freshness", "{id: XX.rule, type: fresh, max_days: 10, of: [point_confirmed], source: \"art. 1 [T]\"}")
        {
            Rows =
            [
                new("call", "Wed 2026-11-18 13:00", "confirmed Mon 2026-11-09 10:00", "permit", "border-fresh", "on the last day that is fresh enough"),
                new("call", "Wed 2026-11-18 13:00", "confirmed Sun 2026-11-08 10:00", "forbid", "border-fresh", "on the first day that is not"),
            ],
        },
        new("dates", "{id: XX.rule, type: forbid, governs: {channels: [visit]}, valid_from: 2026-11-18, valid_to: 2026-11-20, source: \"art. 1 [T]\"}")
        {
            Rows =
            [
                new("visit", "Tue 2026-11-17 13:00", "-", "permit", "border-date", "on the day before the first in force (2026-11-17)"),
                new("visit", "Wed 2026-11-18 13:00", "-", "defer Sat 2026-11-21 00:00", "border-date", "on the first day in force (2026-11-18)"),
                new("visit", "Fri 2026-11-20 13:00", "-", "defer Sat 2026-11-21 00:00", "border-date", "on the last day in force (2026-11-20)"),
                new("visit", "Sat 2026-11-21 13:00", "-", "permit", "border-date", "on the day after the last in force (2026-11-21)"),
            ],
        },
    ];

    public static TheoryData<string> Names => [.. Borders.Select(static border => border.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_border_whose_row_is_gone_is_the_one_thing_that_lint_finds(string name)
    {
        var border = Borders.Single(one => one.Name == name);
        Assert.Empty(Lint(border, border.Rows));
        foreach (var gone in border.Rows)
        {
            var finding = Assert.Single(Lint(border, [.. border.Rows.Where(row => row != gone)]));
            Assert.Equal((gone.Code, "XX/pack.yaml", border.Line, border.Column, true), (finding.Code, finding.File, finding.Line, finding.Column, finding.IsError));
            Assert.Contains($"has no case {gone.Where}.", finding.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(2, "in which it lifts")]
    [InlineData(3, "in which it does not lift")]
    public void An_exception_wants_a_row_that_only_it_permits_and_one_that_misses_a_condition_of_it(int gone, string where)
    {
        var border = new Border("an exception", "{id: XX.rule, type: party, allow: [principal], source: \"art. 1 [T]\"}\n    exceptions:\n      - {id: XX.work, lifts: [XX.rule], when: {employer_forbids: true}, source: \"art. 2 [T]\"}")
        {
            Rows =
            [
                new("call", "Wed 2026-11-18 13:00", "-", "permit", "", ""),
                new("call to guarantor", "Wed 2026-11-18 13:00", "-", "forbid", "", ""),
                new("call to spouse", "Wed 2026-11-18 13:00", "employer forbids", "permit", "", ""),
            ],
        };
        Assert.Empty(Lint(border, border.Rows));
        var rows = gone == 2 ? border.Rows[..2] : [border.Rows[0], border.Rows[2]];
        var finding = Assert.Single(Lint(border, rows), static one => one.Code == LintCodes.BorderException);
        Assert.Equal(("XX/pack.yaml", 8L, 9L), (finding.File, finding.Line, finding.Column));
        Assert.Contains($"XX.work has no case {where}.", finding.Message, StringComparison.Ordinal);
    }

    private static IReadOnlyCollection<LintFinding> Lint(Border border, Row[] rows)
    {
        var folder = SmallPack.Of(border.Pack, string.Concat(rows.Select((row, index) => row.Written(index, border.Place))), border.Sources);
        return PackLint.Run(folder, [folder]);
    }

    private sealed record Border(string Name, string Rule)
    {
        public string Calendar { get; init; } = "";

        public string Applies { get; init; } = "country: PE";

        public string Place { get; init; } = "PE";

        /// <summary>Asked of the pack, not of its rule.</summary>
        public bool IsOfPack { get; init; }

        public Row[] Rows { get; init; } = [];

        public string Pack => $"schema: 2\n{Calendar}packs:\n  - id: XX\n    applies: {{{Applies}}}\n    rules:\n      - {Rule}\n";

        public string Sources => "| XX.rule, XX.work, calendar XX | a figure | T | high | art. 1 |\n";

        public long Line => (IsOfPack ? 3 : 6) + Calendar.Count(static letter => letter == '\n');

        public long Column => IsOfPack ? 5 : 9;
    }

    /// <param name="Expected">The verdict; a rule that is not the pack's stands after it.</param>
    private sealed record Row(string Contact, string At, string Given, string Expected, string Code, string Where)
    {
        public string Written(int number, string place)
        {
            var isBase = Expected.EndsWith("consent.withdrawn", StringComparison.Ordinal);
            var rule = isBase ? "consent.withdrawn" : Expected.StartsWith("permit", StringComparison.Ordinal) ? "-" : "XX.rule";
            return $"| row {number} | - | {Contact} | {At} | {place} | {Given} | {(isBase ? "forbid" : Expected)} | {rule} | art. 1 |\n";
        }
    }
}
