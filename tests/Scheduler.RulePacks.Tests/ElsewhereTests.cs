using Scheduler.RulePacks.Cases;

namespace Scheduler.RulePacks.Tests;

/// <summary>A place needs a pack that speaks for it: of the country, of a region that stands alone, or, failing both, for elsewhere.</summary>
public sealed class ElsewhereTests
{
    private const string Header = "| case | mode | contact | at | place | given | expected | rule | source |\n|---|---|---|---|---|---|---|---|---|\n";

    [Theory]
    [InlineData("BR-SP", "permit", "-")]
    [InlineData("BR-MG", "forbid", "pack.unknown")]
    [InlineData("BR", "forbid", "pack.unknown")]
    [InlineData("AR", "forbid", "pack.unknown")]
    [InlineData("BR-SP; AR", "forbid", "pack.unknown")]
    [InlineData("CO", "permit", "-")]
    public void Without_a_pack_for_elsewhere_a_place_that_none_speaks_for_is_forbidden(string place, string expected, string rule) =>
        Assert.Empty(Check(place, expected, rule, "CO", "BR", "BR-SP"));

    [Theory]
    [InlineData("BR-SP", "permit until 20:00", "-")]
    [InlineData("BR-MG", "permit until 18:00", "-")]
    [InlineData("BR", "permit until 2026-11-18T20:00Z", "-")]
    [InlineData("AR", "permit until 18:00", "-")]
    [InlineData("CO", "permit until 19:00", "-")]
    public void With_one_it_applies_exactly_there(string place, string expected, string rule) =>
        Assert.Empty(Check(place, expected, rule, "CO", "BR", "BR-SP", "DEFAULT"));

    [Fact]
    public void A_region_does_not_stand_alone_unless_its_pack_says_so() =>
        Assert.Empty(Check("US-MA", "forbid", "pack.unknown", "CO", "US-MA"));

    [Fact]
    public void A_pack_for_elsewhere_names_no_country()
    {
        PackLibrary.TryLoad([new PackText("0/pack.yaml", "schema: 2\npacks:\n  - {id: XX, applies: {country: XX, elsewhere: true}, rules: []}")], out _, out var problems);
        Assert.Contains(problems, problem => problem.Message.Contains("names no country", StringComparison.Ordinal));
    }

    private static string Check(string place, string expected, string rule, params string[] folders)
    {
        var files = ShippedFiles.PackFiles().Where(file => folders.Contains(file.File.Split('/')[1]));
        Assert.True(PackLibrary.TryLoad(files, out var library, out var problems), string.Join('\n', problems));
        var row = CaseTable.Read(new PackText("cases.md", $"{Header}| c | - | call | 2026-11-18T15:00Z | {place} | - | {expected} | {rule} | s |")).Single();
        return CaseRun.Check(row, library.Compile());
    }
}
