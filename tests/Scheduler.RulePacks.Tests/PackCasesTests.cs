using System.Collections.Concurrent;
using Scheduler.Domain.Policy;
using Scheduler.RulePacks.Cases;

namespace Scheduler.RulePacks.Tests;

/// <summary>Every row of every pack's case table, through the real packs.</summary>
public sealed class PackCasesTests
{
    private static readonly PackLibrary Library = PackLibrary.LoadShipped();
    private static readonly ConcurrentDictionary<string, PolicySnapshot> Policies = new();

    public static TheoryData<string, string, PackCase> Rows()
    {
        var rows = new TheoryData<string, string, PackCase>();
        foreach (var row in ShippedFiles.CaseFiles().SelectMany(file => CaseTable.Read(file)))
        {
            var family = row.File.Split('/')[1];
            foreach (var pack in CaseModes.Of(row, family, Library))
            {
                rows.Add(new TheoryDataRow<string, string, PackCase>(pack, row.Name, row) { TestDisplayName = $"{(pack.Length == 0 ? family : pack)}: {row.Name}" });
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows), DisableDiscoveryEnumeration = true)]
    public void Case_holds(string pack, string name, PackCase row)
    {
        Assert.NotEmpty(name);
        var policy = Policies.GetOrAdd(pack, id => id.Length == 0 ? Library.Compile() : Library.Compile(modes: new Dictionary<string, string> { [id.Split('.')[0]] = id }));
        var problem = CaseRun.Check(row, policy);
        Assert.True(problem.Length == 0, problem);
    }

    [Fact]
    public void No_two_rows_of_a_pack_have_the_same_name()
    {
        var repeated = ShippedFiles.CaseFiles().SelectMany(file => CaseTable.Read(file)).GroupBy(row => (row.File, row.Name, row.Mode)).Where(group => group.Count() > 1).Select(group => group.Key.Name);
        Assert.Empty(repeated);
    }
}
