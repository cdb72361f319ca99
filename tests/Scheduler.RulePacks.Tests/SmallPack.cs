namespace Scheduler.RulePacks.Tests;

/// <summary>A pack of a country that does not exist, small enough to be written in a test.</summary>
internal static class SmallPack
{
    public const string Head = "schema: 2\npacks:\n  - id: XX\n    applies: {country: PE}\n    rules:\n";
    public const string Parties = "      - {id: XX.parties, type: party, allow: [principal], source: \"art. 1 [T]\"}\n";
    public const string PartyCases = "| the debtor | - | call | Wed 2026-11-18 10:00 | PE | - | permit | - | art. 1 |\n| a spouse | - | call to spouse | Wed 2026-11-18 10:00 | PE | - | forbid | XX.parties | art. 1 |\n";
    public const string PartySources = "| XX.parties | the debtor alone | T | high | art. 1 |\n";

    private const string CaseHead = "| case | mode | contact | at | place | given | expected | rule | source |\n|--|--|--|--|--|--|--|--|--|\n";
    private const string SourceHead = "| rule | figure | evidence | confidence | source |\n|--|--|--|--|--|\n";

    /// <summary>The first row of the case table is on line 3, that of the sources likewise.</summary>
    public static PackFolder Of(string pack, string cases, string sources) =>
        new("XX", new PackText("XX/pack.yaml", pack), new PackText("XX/cases.md", CaseHead + cases), new PackText("XX/sources.md", SourceHead + sources));
}
