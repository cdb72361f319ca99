using System.Collections;
using System.Reflection;
using Scheduler.Services.Access;

namespace Scheduler.Host.Configuration;

/// <summary>Refuses names that are no setting: what nobody reads would be a mistake that nobody sees.</summary>
internal static class ConfigurationNames
{
    /// <summary>Names of before, and what they are called.</summary>
    private static readonly Dictionary<string, string> Former = new(StringComparer.OrdinalIgnoreCase) { ["Store"] = "Storage", ["Store:Directory"] = "Storage:Directory" };

    /// <summary>Sections that are read apart from the options.</summary>
    private static readonly Dictionary<string, string[]> Apart = new(StringComparer.OrdinalIgnoreCase) { ["Log"] = ["Level"], [AccessOptions.Section] = [] };

    public static void Demand(IConfiguration configuration)
    {
        foreach (var section in configuration.GetChildren())
        {
            if (Apart.TryGetValue(section.Key, out var names))
            {
                if (names.Length > 0) DemandKnown(section, names);
                continue;
            }

            Demand(section, typeof(SchedulerOptions), [.. Names(typeof(SchedulerOptions)), .. Apart.Keys]);
        }
    }

    private static void Demand(IConfigurationSection section, Type owner, IEnumerable<string> siblings)
    {
        if (owner.GetProperty(section.Key, BindingFlags.Instance | BindingFlags.Public | BindingFlags.IgnoreCase) is not { } property) throw Unknown(section, siblings);
        var type = property.PropertyType;
        if (!IsGroup(type)) return;
        foreach (var child in section.GetChildren()) Demand(child, type, Names(type));
    }

    private static void DemandKnown(IConfigurationSection section, string[] names)
    {
        if (section.GetChildren().FirstOrDefault(child => !names.Contains(child.Key, StringComparer.OrdinalIgnoreCase)) is { } unknown) throw Unknown(unknown, names);
    }

    private static ConfigurationException Unknown(IConfigurationSection section, IEnumerable<string> siblings)
    {
        var named = section.GetChildren().FirstOrDefault(child => Former.ContainsKey(child.Path)) ?? section;
        if (Former.TryGetValue(named.Path, out var present)) return new ConfigurationException($"{named.Path} is no setting: it is {present}.");
        var parent = section.Path.Length > section.Key.Length ? section.Path[..^section.Key.Length] : "";
        return new ConfigurationException($"{section.Path} is no setting. There are: {string.Join(", ", siblings.Order(StringComparer.Ordinal).Select(name => parent + name))}.");
    }

    private static IEnumerable<string> Names(Type type) => type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(static property => property.CanWrite).Select(static property => property.Name);

    /// <summary>Options within options; texts, numbers and the free names of dictionaries are not.</summary>
    private static bool IsGroup(Type type) => type.Namespace == typeof(SchedulerOptions).Namespace && type.IsClass && !typeof(IEnumerable).IsAssignableFrom(type);
}
