using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Scheduler.Storage.Sealing;

/// <summary>
/// The file of the ring: a line per key, <c>VERSION BASE64-OF-32-BYTES</c>; lines that begin with # are remarks. It stands outside the database.
/// </summary>
public static class MasterKeyFile
{
    public static KeyRing Read(string path)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"{path} cannot be read: {failure.Message}", failure);
        }

        return Parse(path, lines);
    }

    /// <summary>A ring of one new key, in a file that only its owner can read. Never overwrites.</summary>
    public static KeyRing Create(string path)
    {
        var secret = RandomNumberGenerator.GetBytes(MasterKey.Bytes);
        WritePrivate(path, $"# Master keys of the scheduler: lost with this file is everything sealed.\n1 {Convert.ToBase64String(secret)}\n");
        return new KeyRing([new MasterKey(1, secret)]);
    }

    /// <summary>Mode 0600, durable, and never over a file that is there.</summary>
    internal static void WritePrivate(string path, string text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new FileStream(path, options);
            file.Write(Encoding.UTF8.GetBytes(text));
            file.Flush(flushToDisk: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new KeyFileException($"{path} cannot be created: {failure.Message}", failure);
        }
    }

    private static KeyRing Parse(string path, string[] lines)
    {
        var keys = new List<MasterKey>();
        Span<byte> secret = stackalloc byte[MasterKey.Bytes + 1];
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            if (line.Length == 0 || line[0] == '#') continue;
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0 || !int.TryParse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out var version) || version == 0
                || !Convert.TryFromBase64String(line[(space + 1)..].Trim(), secret, out var length) || length != MasterKey.Bytes)
            {
                throw new KeyFileException($"{path}, line {i + 1}: not of the form VERSION BASE64-OF-32-BYTES.");
            }

            if (keys.Exists(key => key.Version == version)) throw new KeyFileException($"{path}, line {i + 1}: key {version} is there twice.");
            keys.Add(new MasterKey(version, secret[..length]));
        }

        return keys.Count > 0 ? new KeyRing(keys) : throw new KeyFileException($"{path} holds no key.");
    }
}
