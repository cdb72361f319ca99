using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Rules;
using Scheduler.Storage;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Grains.Pacing;

/// <summary>Pacing as it is set: versioned settings rows, known to this process. It acts from the next pull on.</summary>
/// <remarks>Threading: any; one change at a time here, and by the row's version between processes.</remarks>
public sealed class PacingBook(ISettingsStore settings, TimeProvider clock) : IDisposable
{
    public const string Prefix = "pacing/";

    /// <summary>Scopes with pacing at a time: every candidate of a pull is held against all of them.</summary>
    public const int Limit = 1_000;

    private const int IdBytes = 8;
    private const int WriteTries = 3;

    private readonly SemaphoreSlim _oneChange = new(1, 1);
    private PacingSet _current = PacingSet.None;
    private bool _isLoaded;

    public PacingSet Current => Volatile.Read(ref _current);

    public static string IdOf(PacingScope scope)
    {
        var text = string.Join('\n', scope.Tenant, (int)scope.Channel, scope.SenderId, scope.LimitGroup);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, IdBytes));
    }

    /// <summary>Reads what was set, once: nothing is given out before that.</summary>
    public Task LoadAsync(CancellationToken cancellationToken) => Volatile.Read(ref _isLoaded) ? Task.CompletedTask : RefreshAsync(cancellationToken);

    public async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var rows = (await settings.ListSettingsAsync(Prefix, cancellationToken)).Select(Read).Where(static row => !row.Limit.IsNone);
        var read = new PacingSet([.. rows]);
        // The same set stays the same object: meters follow only what has changed.
        if (!read.All.AsSpan().SequenceEqual(Current.All.AsSpan())) Volatile.Write(ref _current, read);
        Volatile.Write(ref _isLoaded, true);
    }

    /// <summary>Null: there are as many already as may be, or others change the same.</summary>
    public async Task<RecordedPacing?> SetAsync(PacingLimit limit, string actor, string reason, CancellationToken cancellationToken)
    {
        await _oneChange.WaitAsync(cancellationToken);
        try
        {
            for (var tries = 0; tries < WriteTries; tries++)
            {
                var known = await settings.ReadSettingAsync(Prefix + limit.Id, cancellationToken) is { } row ? Read(row) : null;
                if (known is not null && known.Limit == limit && known.Actor == actor && known.Reason == reason) return known;
                if (known is null or { Limit.IsNone: true } && Current.All.Length >= Limit) return null;
                var next = new RecordedPacing(limit, known?.Row ?? 0, actor, reason, clock.Now());
                if (await settings.WriteSettingAsync(Write(next), cancellationToken) is not { } version) continue;
                await RefreshAsync(CancellationToken.None);
                return next with { Row = version };
            }

            return null;
        }
        finally
        {
            _oneChange.Release();
        }
    }

    public void Dispose() => _oneChange.Dispose();

    private static RecordedPacing Read(SettingRow row)
    {
        var stored = Stored.PacingRow.Parser.ParseFrom(row.Value.Span);
        var scope = new PacingScope(stored.Tenant, (ContactChannel)stored.Channel, stored.SenderId, stored.LimitGroup);
        var limit = new PacingLimit(
            row.Key[Prefix.Length..], scope, stored.PerSecond > 0 ? stored.PerSecond : null, stored.Burst, stored.MaxLive, stored.MaxNewRecipients, stored.Weight);
        return new RecordedPacing(limit, row.Version, row.Actor, row.Reason, Instant.FromUnixTimeMilliseconds(row.At));
    }

    private static SettingWrite Write(RecordedPacing next)
    {
        var (limit, scope) = (next.Limit, next.Limit.Scope);
        var stored = new Stored.PacingRow
        {
            Tenant = scope.Tenant,
            Channel = (uint)scope.Channel,
            SenderId = scope.SenderId,
            LimitGroup = scope.LimitGroup,
            PerSecond = limit.PerSecond ?? 0,
            Burst = limit.Burst,
            MaxLive = limit.MaxLive,
            MaxNewRecipients = limit.MaxNewRecipients,
            Weight = limit.Weight,
        };
        return new SettingWrite(Prefix + limit.Id, next.Row, stored.ToByteArray(), next.Actor, next.Reason, next.ChangedAt.ToUnixTimeMilliseconds());
    }
}
