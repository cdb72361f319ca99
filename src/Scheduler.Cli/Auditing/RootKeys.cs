using System.Security.Cryptography;
using Scheduler.Domain.Audit;

namespace Scheduler.Cli.Auditing;

/// <summary>The public keys that daily roots may verify under: the present one, and those it replaced.</summary>
internal sealed class RootKeys : IDisposable
{
    private const string Label = "PUBLIC KEY";

    private readonly List<ECDsa> _keys = [];

    private RootKeys()
    {
    }

    /// <summary>What findings call them.</summary>
    public string Ids => string.Join(", ", _keys.Select(RootSignature.KeyId));

    /// <param name="texts">Texts with one PEM block or several; what stands between the blocks is no part of them.</param>
    /// <exception cref="FormatException">A text holds no public key, or one that cannot be read.</exception>
    public static RootKeys Read(IEnumerable<string> texts)
    {
        var keys = new RootKeys();
        try
        {
            foreach (var text in texts) keys.Add(text);
            return keys;
        }
        catch
        {
            keys.Dispose();
            throw;
        }
    }

    /// <summary>Any of the keys will do: which one a root names is not part of what is signed.</summary>
    public bool IsSigned(LogRoot root, ReadOnlySpan<byte> signature)
    {
        foreach (var key in _keys)
        {
            if (RootSignature.Verify(key, root, signature)) return true;
        }

        return false;
    }

    public bool IsSigned(LogCheckpoint checkpoint) => _keys.Exists(key => RootSignature.Verify(key, checkpoint));

    public void Dispose()
    {
        foreach (var key in _keys) key.Dispose();
    }

    private void Add(string text)
    {
        var rest = text.AsSpan();
        var before = _keys.Count;
        while (PemEncoding.TryFind(rest, out var block))
        {
            if (rest[block.Label] is Label) _keys.Add(Import(rest[block.Location]));
            rest = rest[block.Location.End..];
        }

        if (_keys.Count == before) throw new FormatException("no public key in PEM");
    }

    private static ECDsa Import(ReadOnlySpan<char> block)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(block);
            return key;
        }
        catch (Exception failure) when (failure is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new FormatException("a public key that cannot be read", failure);
        }
    }
}
