using System.Collections.Frozen;
using System.Reflection;
using System.Xml.Linq;
using Scheduler.Domain.Debtors;

namespace Scheduler.Architecture.Tests;

/// <summary>Rooms and arrows: who may know whom.</summary>
public sealed class RoomTests
{
    private static readonly FrozenDictionary<string, string[]> Arrows = new Dictionary<string, string[]>
    {
        ["Scheduler.Embedded.Orleans"] = [],
        ["Scheduler.Embedded.Grpc"] = [],
        ["Scheduler.Domain"] = [],
        ["Scheduler.Protocol"] = ["Scheduler.Domain"],
        ["Scheduler.RulePacks"] = ["Scheduler.Domain"],
        ["Scheduler.Storage"] = ["Scheduler.Domain", "Scheduler.Protocol", "Scheduler.RulePacks"],
        ["Scheduler.Storage.Sqlite"] = ["Scheduler.Storage"],
        ["Scheduler.Storage.Postgres"] = ["Scheduler.Storage"],
        ["Scheduler.Grains"] = ["Scheduler.Domain", "Scheduler.Protocol", "Scheduler.RulePacks", "Scheduler.Storage"],
        ["Scheduler.Services"] = ["Scheduler.Domain", "Scheduler.Protocol", "Scheduler.RulePacks", "Scheduler.Storage", "Scheduler.Grains"],
        ["Scheduler.Host"] =
        [
            "Scheduler.Domain", "Scheduler.Protocol", "Scheduler.RulePacks", "Scheduler.Storage", "Scheduler.Storage.Sqlite",
            "Scheduler.Storage.Postgres", "Scheduler.Grains", "Scheduler.Services",
        ],
        ["scheduler"] = ["Scheduler.Domain", "Scheduler.Protocol", "Scheduler.RulePacks"],
        ["Scheduler.Cli"] = ["Scheduler.Domain", "Scheduler.Protocol", "Scheduler.RulePacks"],
        ["Scheduler.LoadTests"] = ["Scheduler.Domain", "Scheduler.Protocol", "Scheduler.RulePacks"],
        ["QuartzPeer"] = [],
    }.ToFrozenDictionary();

    /// <summary>Drivers and frameworks that only one room may know.</summary>
    private static readonly FrozenDictionary<string, string[]> OwnersOfPackages = new Dictionary<string, string[]>
    {
        ["Microsoft.Data.Sqlite"] = ["Scheduler.Storage.Sqlite"],
        ["Npgsql"] = ["Scheduler.Storage.Postgres", "QuartzPeer"],
        ["YamlDotNet"] = ["Scheduler.RulePacks", "Scheduler.Cli"],
        ["NodaTime"] = ["Scheduler.Domain"],
        ["Spectre.Console"] = ["Scheduler.Cli", "Scheduler.LoadTests"],
    }.ToFrozenDictionary();

    public static TheoryData<string> Projects() =>
        new(Repository.Files(".csproj").Where(p => Repository.Relative(p).StartsWith("src/", StringComparison.Ordinal)
            || Repository.Relative(p).StartsWith("loadtests/", StringComparison.Ordinal)).Select(Repository.Relative));

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_room_knows_only_the_rooms_on_its_left(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        Assert.True(Arrows.ContainsKey(name), $"{name} is a room without arrows: add it to the list, with a decision record");
        var strangers = Repository.References(Path.Combine(Repository.Root, project)).Except(Arrows[name]);
        Assert.True(!strangers.Any(), $"{name} must not know {string.Join(", ", strangers)}");
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_driver_is_known_to_its_own_room_alone(string project)
    {
        var name = Path.GetFileNameWithoutExtension(project);
        var packages = XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("PackageReference").ToList();
        foreach (var package in packages.Select(p => (string?)p.Attribute("Include")).OfType<string>())
        {
            if (OwnersOfPackages.TryGetValue(package, out var owners)) Assert.Contains(name, owners);
        }

        Assert.All(packages, p => Assert.Null(p.Attribute("Version")));
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_room_has_a_card_of_at_most_thirty_lines(string project)
    {
        var card = Path.Combine(Path.GetDirectoryName(Path.Combine(Repository.Root, project))!, "README.md");
        Assert.True(File.Exists(card), $"{Repository.Relative(card)} is missing");
        Assert.InRange(File.ReadAllLines(card).Length, 5, 30);
    }

    [Fact]
    public void The_domain_references_the_base_library_and_noda_time_alone()
    {
        var strangers = typeof(DebtorKey).Assembly.GetReferencedAssemblies().Select(a => a.Name!)
            .Where(n => n != "NodaTime" && !n.StartsWith("System.", StringComparison.Ordinal));
        Offenders.None(strangers);
    }

    [Fact]
    public void The_domain_has_no_task_no_clock_and_no_logger_in_any_signature()
    {
        string[] forbidden = ["System.Threading.Tasks", "System.TimeProvider", "System.DateTime", "System.Random", "System.IO.", "System.IServiceProvider"];
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var offenders =
            from type in typeof(DebtorKey).Assembly.GetTypes()
            from method in type.GetMethods(All)
            from used in method.GetParameters().Select(p => p.ParameterType).Append(method.ReturnType)
            where forbidden.Any(f => used.FullName?.StartsWith(f, StringComparison.Ordinal) == true)
            select $"{type.FullName}.{method.Name}: {used}";
        Offenders.None(offenders);
    }

    [Fact]
    public void Public_types_of_the_domain_are_immutable()
    {
        var setters =
            from type in typeof(DebtorKey).Assembly.GetExportedTypes()
            from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            let set = property.SetMethod
            where set is { IsPublic: true } && !set.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.Name == "IsExternalInit")
            select $"{type.FullName}.{property.Name}";
        var fields =
            from type in typeof(DebtorKey).Assembly.GetExportedTypes()
            where !type.IsEnum
            from field in type.GetFields(BindingFlags.Public | BindingFlags.Instance)
            where !field.IsInitOnly
            select $"{type.FullName}.{field.Name}";
        Offenders.None(setters.Concat(fields));
    }
}
