using System.Globalization;

namespace Scheduler.Storage.Sealing;

/// <summary>Holds a ring against the database: every key that it was sealed with must be there and be the same.</summary>
public static class KeyCheck
{
    public const string SettingPrefix = "evidence/master-key/";

    private const string Actor = "host";

    /// <summary>Answers null and notes keys that are new, or one sentence about what is missing.</summary>
    /// <param name="at">Unix milliseconds.</param>
    public static async Task<string?> RunAsync(KeyRing ring, ISettingsStore settings, long at)
    {
        var known = new HashSet<int>();
        foreach (var row in await settings.ListSettingsAsync(SettingPrefix))
        {
            var version = int.Parse(row.Key.AsSpan(SettingPrefix.Length), CultureInfo.InvariantCulture);
            if (!ring.CheckValues.TryGetValue(version, out var check)) return $"key {version}, which the database was sealed with, is missing";
            if (!check.Span.SequenceEqual(row.Value.Span)) return $"key {version} is another one than the database was sealed with";
            known.Add(version);
        }

        foreach (var (version, check) in ring.CheckValues)
        {
            if (known.Contains(version)) continue;
            if (known.Count > 0 && version < known.Min()) return $"key {version} is older than the first key of the database";
            await settings.WriteSettingAsync(
                new SettingWrite(SettingPrefix + version.ToString(CultureInfo.InvariantCulture), 0, check, Actor, "first seen", at));
        }

        return null;
    }
}
