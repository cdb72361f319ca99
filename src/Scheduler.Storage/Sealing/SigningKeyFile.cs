using System.Security.Cryptography;

namespace Scheduler.Storage.Sealing;

/// <summary>The key that signs daily roots: ECDSA over P-256, PKCS#8 in PEM, outside the database.</summary>
public static class SigningKeyFile
{
    private const int KeyBits = 256;

    public static ECDsa Read(string path)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(File.ReadAllText(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new KeyFileException($"{path} cannot be read as a private key in PEM: {failure.Message}", failure);
        }

        if (key.KeySize == KeyBits) return key;
        key.Dispose();
        throw new KeyFileException($"{path} is not a key over P-256.");
    }

    /// <summary>The public keys of a file with one PEM block each.</summary>
    public static IReadOnlyList<ECDsa> ReadPublic(string path)
    {
        var keys = new List<ECDsa>();
        try
        {
            var rest = File.ReadAllText(path).AsSpan();
            while (PemEncoding.TryFind(rest, out var block))
            {
                var key = ECDsa.Create();
                keys.Add(key);
                key.ImportFromPem(rest[block.Location]);
                rest = rest[block.Location.End..];
            }

            return keys.Count > 0 ? keys : throw new KeyFileException($"{path} holds no public key in PEM.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            keys.ForEach(static key => key.Dispose());
            throw new KeyFileException($"{path} cannot be read as public keys in PEM: {failure.Message}", failure);
        }
    }

    /// <summary>A new key, in a file that only its owner can read. Never overwrites.</summary>
    public static ECDsa Create(string path)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        MasterKeyFile.WritePrivate(path, key.ExportPkcs8PrivateKeyPem() + "\n");
        return key;
    }
}
