namespace Scheduler.RulePacks.Tests;

/// <summary>A pack that is not written well is refused with every problem, each at its line and column.</summary>
public sealed class PackReaderTests
{
    private const string Head = "schema: 2\npacks:\n  - id: XX\n    applies: {country: XX}\n    rules:\n";

    [Theory]
    [InlineData("      - {id: a, type: window, week: {mon: \"07:00-19:00\"}, colour: red, source: s}", 6, 59, "'colour' is not known here")]
    [InlineData("      - {id: a, type: widow, source: s}", 6, 23, "'widow' is not a kind of rule")]
    [InlineData("      - {id: a, type: window, week: {mon: \"19:00-07:00\"}, source: s}", 6, 43, "is not a span of hours")]
    [InlineData("      - {id: a, type: window, week: {mon: \"07:00-24:01\"}, source: s}", 6, 43, "is not a span of hours")]
    [InlineData("      - {id: a, type: window, week: {mon-fri: \"07:00-19:00\", tue: \"07:00-19:00\"}, source: s}", 6, 67, "names a weekday again")]
    [InlineData("      - {id: a, type: window, week: {someday: \"07:00-19:00\"}, source: s}", 6, 47, "neither a weekday")]
    [InlineData("      - {id: a, type: window, week: {mon: \"07:00-19:00\"}, closed_on: ZZ, source: s}", 6, 70, "No calendar is named 'ZZ'")]
    [InlineData("      - {id: a, type: window, week: {mon: \"07:00-19:00\"}}", 6, 9, "'source' is missing")]
    [InlineData("      - {id: a, type: cap, limit: many, period: {local_days: 7}, scope: [person], counts: {}, source: s}", 6, 35, "must be a whole number")]
    [InlineData("      - {id: a, type: cap, limit: 1, period: {fortnights: 1}, scope: [person], counts: {}, source: s}", 6, 47, "'fortnights' is not known here")]
    [InlineData("      - {id: a, type: cap, limit: 1, period: {ever: true}, scope: [person], counts: {predicate: placed}, source: s}", 6, 46, "must name the purposes")]
    [InlineData("      - {id: a, type: cap, limit: 1, period: {ever: false}, scope: [person], counts: {purposes: [survey]}, source: s}", 6, 46, "or {ever: true}")]
    [InlineData("      - {id: a, type: cap, limit: 1, period: {local_days: 7}, scope: [family], counts: {}, source: s}", 6, 70, "'family' is not one of person")]
    [InlineData("      - {id: a, type: cap, limit: 1, period: {local_days: 7}, scope: [every_party], counts: {}, source: s}", 6, 70, "'every_party' is not one of person")]
    [InlineData("      - {id: a, type: cap, limit: 1, period: {local_days: 7}, scope: [person, household], counts: {}, source: s}", 6, 70, "more than one person")]
    [InlineData("      - {id: a, type: cap, limit: 1, period: {local_days: 7}, scope: [person], counts: {predicate: told}, source: s}", 6, 100, "No predicate is named 'told'")]
    [InlineData("      - {id: a, type: cap, limit: 1, period: {local_days: 7}, scope: [person], counts: {channels: [pigeon]}, source: s}", 6, 100, "'pigeon' is neither a channel nor a group")]
    [InlineData("      - {id: a, type: party, allow: [neighbour], source: s}", 6, 38, "'neighbour' is not one of")]
    [InlineData("      - {id: a, type: party, allow: [principal], valid_from: soon, source: s}", 6, 62, "must be a date")]
    [InlineData("      - {id: a, type: hold, kind: vacation, source: s}", 6, 35, "is not a kind of hold")]
    public void A_mistake_is_named_with_its_place(string rule, int line, int column, string message)
    {
        var problem = Assert.Single(Problems(Head + rule), one => one.Message.Contains(message, StringComparison.Ordinal));
        Assert.Equal(("0/pack.yaml", line, column), (problem.File, problem.Line, problem.Column));
    }

    [Fact]
    public void All_mistakes_are_collected_not_only_the_first() =>
        Assert.Equal(3, Problems(Head + "      - {id: a, type: widow, source: s}\n      - {id: b, type: party, allow: [neighbour], source: s}\n      - {id: c, type: hold, kind: cease}").Length);

    [Fact]
    public void Text_that_is_no_yaml_is_a_problem_with_a_place() => Assert.InRange(Assert.Single(Problems("schema: 2\npacks: [")).Line, 2, 3);

    [Theory]
    [InlineData("  - {id: XX.b, extends: YY}", "No pack is named 'YY'")]
    [InlineData("  - {id: XX.b, extends: XX.b}", "'XX.b' extends itself")]
    [InlineData("  - {id: XX.b, extends: XX, drop: [nothing]}", "No rule is named 'nothing'")]
    [InlineData("  - {id: XX.b, extends: XX, replace: {nothing: {limit: 1}}}", "No rule is named 'nothing'")]
    [InlineData("  - {id: XX, applies: {country: XX}}", "is there more than once")]
    [InlineData("  - {id: ZZ}", "must say where it applies")]
    public void A_mode_must_fit_what_it_extends(string pack, string message)
    {
        var text = Head + "      - {id: a, type: party, allow: [principal], source: s}\n" + pack;
        Assert.Contains(Problems(text), one => one.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void An_exception_must_lift_a_rule_that_is_there()
    {
        var text = Head + "      - {id: a, type: party, allow: [principal], source: s}\n    exceptions:\n      - {id: e, lifts: [b], when: {purpose: [reply]}, source: s}";
        Assert.Contains(Problems(text), one => one.Message.Contains("No rule is named 'b'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_mode_replaces_keys_and_drops_rules()
    {
        var text = Head + """
                  - {id: a, type: cap, limit: 1, period: {local_days: 7}, scope: [person], counts: {}, source: s}
                  - {id: b, type: party, allow: [principal], source: s}
              - id: XX.b
                extends: XX
                replace: {a: {limit: 3}}
                drop: [b]
            """.Replace("\r", "", StringComparison.Ordinal);
        Assert.True(PackLibrary.TryLoad([new PackText("0/pack.yaml", text)], out var library, out var problems), string.Join('\n', problems));
        var mode = library.Packs.Single(pack => pack.Pack.Id == "XX.b").Pack;
        Assert.Equal(3, Assert.IsType<Domain.Packs.Rule.Counter>(Assert.Single(mode.Rules)).Limit);
    }

    private static System.Collections.Immutable.ImmutableArray<PackProblem> Problems(string text)
    {
        PackLibrary.TryLoad([new PackText("0/pack.yaml", text)], out _, out var problems);
        return problems;
    }
}
