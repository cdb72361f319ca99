using Google.Protobuf;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Grains.Pacing;

/// <summary>
/// What one limit has given out: a bucket of tokens for the second, live leases, recipients of the moving day. The last two are written before
/// they are given out, a little ahead, so that a restart counts too much rather than too little; the tokens of a restart begin at none.
/// </summary>
/// <remarks>Threading: the pacing grain, one turn at a time. Times are unix milliseconds.</remarks>
internal sealed class PacingMeter
{
    private const int SpareShare = 32;
    private const int LargestSpare = 1_000;

    private readonly LiveLeases _live = new();
    private readonly RecipientWindow _recipients = new();
    private double _tokens;
    private long _filledAt;

    public PacingMeter(PacingLimit limit, Stored.PacingMeter stored, long version, long now)
    {
        (Limit, Version, _filledAt) = (limit, version, now);
        _live.Read(stored.Leases);
        _recipients.Read(stored.Recipients);
        Pass(now);
    }

    public PacingLimit Limit { get; set; }

    /// <summary>Version of its row.</summary>
    public long Version { get; set; }

    /// <summary>Dispatches that it allows now, recipients apart, who may be known already.</summary>
    public int Room(long now)
    {
        Pass(now);
        var room = int.MaxValue;
        if (Limit.PerSecond is not null) room = Math.Min(room, (int)_tokens);
        if (Limit.MaxLive > 0) room = Math.Min(room, Limit.MaxLive - _live.Count);
        return Math.Max(0, room);
    }

    public bool Allows(string recipient, long now) =>
        Room(now) > 0 && (Limit.MaxNewRecipients == 0 || _recipients.Count < Limit.MaxNewRecipients || _recipients.Knows(recipient));

    /// <summary>When there may be room again, as far as that is known.</summary>
    public long? FreesAt(long now)
    {
        if (Limit.PerSecond is { } rate && _tokens < 1) return now + (long)Math.Ceiling((1 - _tokens) * 1_000 / rate);
        if (Limit.MaxLive > 0 && _live.Count >= Limit.MaxLive) return _live.FreesAt;
        return Limit.MaxNewRecipients > 0 && _recipients.Count >= Limit.MaxNewRecipients ? _recipients.FreesAt : null;
    }

    /// <returns>True when the recipient was new.</returns>
    public bool Take(string debtor, string recipient, long until, long now)
    {
        if (Limit.PerSecond is not null) _tokens--;
        if (Limit.MaxLive > 0) _live.Add(debtor, until, fence: 0);
        return Limit.MaxNewRecipients > 0 && _recipients.Add(recipient, now);
    }

    /// <summary>It was not leased after all.</summary>
    public void Return(string debtor, string recipient, bool wasNew)
    {
        if (Limit.PerSecond is not null) _tokens = Math.Min(Capacity, _tokens + 1);
        _live.Drop(debtor);
        if (wasNew) _recipients.Remove(recipient);
    }

    public void Extend(string debtor, long until, long fence)
    {
        if (Limit.MaxLive > 0) _live.Add(debtor, until, fence);
    }

    public void End(string debtor, long fence) => _live.End(debtor, fence);

    /// <summary>More was given out than its row says.</summary>
    public bool MustWrite(long until, long now) => (Limit.MaxLive > 0 && _live.IsAhead(until)) || (Limit.MaxNewRecipients > 0 && _recipients.IsAhead(now));

    public byte[] Write(long until, long now)
    {
        var stored = new Stored.PacingMeter();
        stored.Leases.AddRange(_live.Write(until, Spare(Limit.MaxLive, _live.Count)));
        stored.Recipients.AddRange(_recipients.Write(now, Spare(Limit.MaxNewRecipients, _recipients.Count)));
        return stored.ToByteArray();
    }

    public void Written(long version)
    {
        Version = version;
        _live.Written();
        _recipients.Written();
    }

    private double Capacity => Limit.Burst > 0 ? Limit.Burst : Math.Max(1, Math.Ceiling(Limit.PerSecond ?? 1));

    private void Pass(long now)
    {
        _live.Pass(now);
        _recipients.Pass(now);
        if (Limit.PerSecond is { } rate && now > _filledAt) _tokens = Math.Min(Capacity, _tokens + ((now - _filledAt) * rate / 1_000));
        _filledAt = Math.Max(_filledAt, now);
    }

    private static int Spare(int limit, int used) => Math.Clamp(limit - used, 0, Math.Clamp(limit / SpareShare, 1, LargestSpare));
}
