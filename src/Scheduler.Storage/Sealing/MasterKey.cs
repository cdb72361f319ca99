namespace Scheduler.Storage.Sealing;

/// <summary>One key of the ring. Versions rise; the newest seals, the older ones open what they sealed.</summary>
public sealed class MasterKey
{
    public const int Bytes = 32;

    private readonly byte[] _secret;

    public MasterKey(int version, ReadOnlySpan<byte> secret)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(version);
        if (secret.Length != Bytes) throw new ArgumentException($"A master key has {Bytes} bytes.", nameof(secret));
        Version = version;
        _secret = secret.ToArray();
    }

    public int Version { get; }

    internal ReadOnlySpan<byte> Secret => _secret;

    /// <summary>Never shows the secret.</summary>
    public override string ToString() => $"master key {Version}";
}
