using Scheduler.Storage;

namespace Scheduler.Services.Tests.Kit;

/// <summary>Settings of a host where nothing was ever set.</summary>
internal sealed class NoSettings : ISettingsStore
{
    public Task<long?> WriteSettingAsync(SettingWrite write, CancellationToken cancellationToken = default) => Task.FromResult<long?>(write.ExpectedVersion + 1);

    public Task<SettingRow?> ReadSettingAsync(string key, CancellationToken cancellationToken = default) => Task.FromResult<SettingRow?>(null);

    public Task<IReadOnlyList<SettingRow>> ListSettingsAsync(string prefix, CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<SettingRow>>([]);

    public Task<IReadOnlyList<SettingRow>> ListSettingVersionsAsync(string key, CancellationToken cancellationToken = default) => Task.FromResult<IReadOnlyList<SettingRow>>([]);
}
