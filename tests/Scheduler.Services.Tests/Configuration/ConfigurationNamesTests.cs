using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Scheduler.Host.Configuration;
using Scheduler.Services.Tests.Metrics;

namespace Scheduler.Services.Tests.Configuration;

public sealed partial class ConfigurationNamesTests
{
    [Theory]
    [InlineData("Store:Directory", "Store:Directory is no setting: it is Storage:Directory.")]
    [InlineData("Storage:Folder", "Storage:Folder is no setting. There are: Storage:Directory, Storage:Postgres, Storage:Provider.")]
    [InlineData("Health:Prt", "Health:Prt is no setting. There are: Health:Port.")]
    [InlineData("Log:Lvl", "Log:Lvl is no setting. There are: Log:Level.")]
    [InlineData("Evidence:Retention:CO:Dayz", null)]
    public void A_name_that_nobody_reads_is_refused_with_the_names_that_there_are(string name, string? told)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(name, "1")]).Build();
        if (told is null) ConfigurationNames.Demand(configuration);
        else Assert.Equal(told, Assert.Throws<ConfigurationException>(() => ConfigurationNames.Demand(configuration)).Message);
    }

    [Fact]
    public void Every_setting_of_the_manual_and_of_the_sample_is_known()
    {
        var manual = Setting().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "operations.md"))).Select(static match => match.Groups["name"].Value).ToList();
        Assert.Contains("Storage:Directory", manual);
        ConfigurationNames.Demand(new ConfigurationBuilder().AddInMemoryCollection(manual.Select(static name => KeyValuePair.Create(name, (string?)"1"))).Build());
        ConfigurationNames.Demand(new ConfigurationBuilder().AddJsonFile(Path.Combine(Repository.Root, "deploy", "scheduler.json")).Build());
    }

    [GeneratedRegex(@"^\| `(?<name>[A-Z][A-Za-z]+(:[A-Za-z]+)+)`", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Setting();
}
