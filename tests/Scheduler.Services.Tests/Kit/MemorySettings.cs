using Scheduler.Storage;

namespace Scheduler.Services.Tests.Kit;

/// <summary>Settings and epochs in memory, as the store keeps them: every version stays.</summary>
internal sealed class MemorySettings : ISettingsStore, IEpochStore
{
    private readonly Lock _gate = new();
    private readonly List<SettingRow> _rows = [];
    private Epochs _epochs = new(1, 1);

    public Task<long?> WriteSettingAsync(SettingWrite write, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_rows.Count(row => row.Key == write.Key) != write.ExpectedVersion) return Task.FromResult<long?>(null);
            _rows.Add(new SettingRow(write.Key, write.ExpectedVersion + 1, write.Value, write.Actor, write.Reason, write.At));
            return Task.FromResult<long?>(write.ExpectedVersion + 1);
        }
    }

    public Task<SettingRow?> ReadSettingAsync(string key, CancellationToken cancellationToken = default)
    {
        lock (_gate) return Task.FromResult(_rows.LastOrDefault(row => row.Key == key));
    }

    public Task<IReadOnlyList<SettingRow>> ListSettingsAsync(string prefix, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<SettingRow>>(
                [.. _rows.Where(row => row.Key.StartsWith(prefix, StringComparison.Ordinal)).GroupBy(static row => row.Key).Select(static versions => versions.Last())]);
        }
    }

    public Task<IReadOnlyList<SettingRow>> ListSettingVersionsAsync(string key, CancellationToken cancellationToken = default)
    {
        lock (_gate) return Task.FromResult<IReadOnlyList<SettingRow>>([.. _rows.Where(row => row.Key == key).Reverse()]);
    }

    public ValueTask<Epochs> ReadEpochsAsync(CancellationToken cancellationToken = default)
    {
        lock (_gate) return new(_epochs);
    }

    public Task<Epochs> AdvanceEpochAsync(EpochKind kind, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            _epochs = kind == EpochKind.Policy ? _epochs with { Policy = _epochs.Policy + 1 } : _epochs with { Recovery = _epochs.Recovery + 1 };
            return Task.FromResult(_epochs);
        }
    }
}
