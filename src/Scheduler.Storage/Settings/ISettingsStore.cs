namespace Scheduler.Storage;

/// <summary>One version of one setting: strategies, packs, pauses, pacing. Old versions stay.</summary>
/// <param name="At">Unix milliseconds.</param>
public sealed record SettingRow(string Key, long Version, ReadOnlyMemory<byte> Value, string Actor, string Reason, long At);

/// <summary>A change to a setting.</summary>
/// <param name="ExpectedVersion">The current version; 0 when the setting is new.</param>
public sealed record SettingWrite(string Key, long ExpectedVersion, ReadOnlyMemory<byte> Value, string Actor, string Reason, long At);

/// <summary>Versioned, audited configuration rows.</summary>
public interface ISettingsStore
{
    /// <summary>The new version, or null when the current version is not the expected one.</summary>
    Task<long?> WriteSettingAsync(SettingWrite write, CancellationToken cancellationToken = default);

    Task<SettingRow?> ReadSettingAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>The current version of every setting whose key starts with <paramref name="prefix"/>, by key.</summary>
    Task<IReadOnlyList<SettingRow>> ListSettingsAsync(string prefix, CancellationToken cancellationToken = default);

    /// <summary>Every version, newest first.</summary>
    Task<IReadOnlyList<SettingRow>> ListSettingVersionsAsync(string key, CancellationToken cancellationToken = default);
}
