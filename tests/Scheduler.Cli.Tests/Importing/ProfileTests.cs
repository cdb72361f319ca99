using System.Collections.Immutable;
using Scheduler.Cli.Importing;

namespace Scheduler.Cli.Tests.Importing;

/// <summary>Profiles: what ships loads, and every mistake is told with its place.</summary>
public sealed class ProfileTests
{
    private const string Least = """
        profile: least
        row_id: {column: ID}
        debtor: {id: {column: ID}}
        accounts:
          - {id: {column: ID}, creditor: bank, currency: COP, balance: {column: B}}
        """;

    [Fact]
    public void The_profile_that_ships_loads() => Assert.Equal("uci-credit-card", ImportCommand.LoadProfile("uci-credit-card").Name);

    [Fact]
    public void The_least_profile_loads() => Assert.Empty(Faults(Least));

    [Theory]
    [InlineData("colour: red", 6, 1, "profile has no field 'colour'")]
    [InlineData("values: {x: {columm: ID}}", 6, 13, "'columm' is not a form of expression")]
    [InlineData("values: {x: {lookup: nowhere, key: 1}}", 6, 22, "the profile defines no table 'nowhere'")]
    [InlineData("values: {x: {spread: s, from: 9, to: 2}}", 6, 38, "'to' must not be less than 'from'")]
    [InlineData("values: {x: {template: \"a{ID:9}\"}}", 6, 24, "a placeholder is {name} or {name:000}")]
    [InlineData("points: {id: 1}", 6, 9, "'points' must be a list")]
    [InlineData("points: [{id: 1, kind: mobile}]", 6, 10, "points[0] needs 'address'")]
    [InlineData("values: {x: {choose: c, of: {a: 0}}}", 6, 29, "weights must not be negative")]
    public void A_mistake_is_told_with_line_and_column(string line, int atLine, int atColumn, string reason)
    {
        var fault = Assert.Single(Faults($"{Least}\n{line}"));
        Assert.Equal((atLine, atColumn), ((int)fault.Line, (int)fault.Column));
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_told_at_once() => Assert.Equal(2, Faults($"{Least}\ncolour: red\nshape: round").Length);

    [Fact]
    public void Broken_YAML_is_told_with_its_place()
    {
        var fault = Assert.Single(Faults("profile: [unclosed\nrow_id: x"));
        Assert.True(fault.Line >= 1);
    }

    private static ImmutableArray<ProfileFault> Faults(string yaml)
    {
        using var reader = new StringReader(yaml);
        ProfileLoader.Load(reader, out var faults);
        return faults;
    }
}
