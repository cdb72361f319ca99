using System.Security.Cryptography;
using System.Text;
using Scheduler.Grains.Recovery;
using Scheduler.Storage;

namespace Scheduler.Host.Recovery;

/// <summary>
/// Before anything is served: holds the database against its mark. One that is behind it, has another record where it stands, is another one's, or
/// has lost it, was restored or moved, and nothing is leased until that is settled.
/// </summary>
public static class RestoreCheck
{
    private const string NameKey = "recovery/database";
    private const string Host = "host";

    /// <summary>The name of the database, and whether leasing is closed.</summary>
    /// <exception cref="InvalidDataException">The mark cannot be read.</exception>
    public static async Task<(string Database, RecoveryState State)> RunAsync(ISchedulerStore store, RecoveryBook book, RecoveryMarkFile file, TimeProvider clock)
    {
        var mark = await file.ReadAsync(CancellationToken.None);
        var (name, isNew) = await NameAsync(store, clock);
        var head = await store.Events.ReadHeadAsync();
        // An empty database is a new installation, whatever was here before; one that never had a mark gets its first.
        if ((isNew && head == 0) || (isNew && mark is null)) return (name, await book.ReadAsync(CancellationToken.None));
        if (await CauseAsync(store, mark, name, head) is not { } cause) return (name, await book.ReadAsync(CancellationToken.None));
        var reason = $"the log ends at {head}; the mark {(mark is null ? "is gone" : $"stands at {mark.Cursor}, of {mark.At:u}")}";
        return (name, await book.BeginAsync(cause, null, mark?.Cursor ?? 0, Host, reason, CancellationToken.None));
    }

    private static async Task<RecoveryCause?> CauseAsync(ISchedulerStore store, RecoveryMark? mark, string name, long head)
    {
        if (mark is null) return RecoveryCause.MarkMissing;
        if (mark.Database != name) return RecoveryCause.OtherDatabase;
        if (head < mark.Cursor) return RecoveryCause.LogEndsEarly;
        if (mark.Cursor == 0) return null;
        var there = await store.Events.ReadEventsAsync(mark.Cursor - 1, 1);
        var isSame = there.Count == 1 && there[0].Seq == mark.Cursor && Convert.ToHexString(there[0].Chain.Span) == mark.Chain;
        return isSame ? null : RecoveryCause.LogDiffers;
    }

    private static async Task<(string Name, bool IsNew)> NameAsync(ISchedulerStore store, TimeProvider clock)
    {
        if (await store.Settings.ReadSettingAsync(NameKey) is { } known) return (Encoding.UTF8.GetString(known.Value.Span), false);
        var name = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var write = new SettingWrite(NameKey, 0, Encoding.UTF8.GetBytes(name), Host, "named at its first start", clock.GetUtcNow().ToUnixTimeMilliseconds());
        if (await store.Settings.WriteSettingAsync(write) is not null) return (name, true);
        // Another process was first.
        return (Encoding.UTF8.GetString((await store.Settings.ReadSettingAsync(NameKey))!.Value.Span), false);
    }
}
