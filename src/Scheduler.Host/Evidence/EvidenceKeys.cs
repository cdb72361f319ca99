using System.Security.Cryptography;
using Scheduler.Host.Configuration;
using Scheduler.Storage;
using Scheduler.Storage.Sealing;

namespace Scheduler.Host.Evidence;

/// <summary>The keys this host runs with, held against the database before anything is served.</summary>
internal sealed partial class EvidenceKeys : IDisposable
{
    private const string MasterKeyName = "master.key";
    private const string SigningKeyName = "signing.pem";
    private const string RootsName = "roots.jsonl";

    private EvidenceKeys(KeyRing ring, ECDsa signing, IReadOnlyList<ECDsa> former, string rootsPath, string madeAt)
    {
        Ring = ring;
        Signing = signing;
        Former = former;
        RootsPath = rootsPath;
        MadeAt = madeAt;
    }

    public KeyRing Ring { get; }

    /// <summary>Signs daily roots and checkpoints.</summary>
    public ECDsa Signing { get; }

    /// <summary>Public keys of those that it replaced.</summary>
    public IReadOnlyList<ECDsa> Former { get; }

    public string RootsPath { get; }

    /// <summary>Folder of the keys that no setting names; empty when all are named.</summary>
    public string MadeAt { get; }

    /// <exception cref="ConfigurationException">A key is missing, unreadable, or another one than the database was sealed with.</exception>
    public static async Task<EvidenceKeys> OpenAsync(SchedulerOptions options, ISettingsStore settings, TimeProvider clock)
    {
        var folder = FolderOf(options);
        var isNew = (await settings.ListSettingsAsync(KeyCheck.SettingPrefix)).Count == 0;
        var ring = OpenRing(options.Evidence, folder, isNew);
        if (await KeyCheck.RunAsync(ring, settings, clock.GetUtcNow().ToUnixTimeMilliseconds()) is { } fault)
        {
            throw new ConfigurationException($"Evidence:MasterKeyFile: {fault}.");
        }

        var evidence = options.Evidence;
        var roots = evidence.RootsFile.Length > 0 ? evidence.RootsFile : Path.Combine(folder, RootsName);
        var areNamed = evidence.MasterKeyFile.Length > 0 && evidence.SigningKeyFile.Length > 0;
        return new EvidenceKeys(ring, OpenSigning(evidence, folder), OpenFormer(evidence), roots, areNamed ? "" : folder);
    }

    public void Warn(ILogger log)
    {
        if (MadeAt.Length > 0) LogMade(log, MadeAt);
    }

    public void Dispose()
    {
        Signing.Dispose();
        foreach (var key in Former) key.Dispose();
    }

    /// <summary>A key that is named is never made up: a wrong path must not seal a database with a key that nobody has kept.</summary>
    private static KeyRing OpenRing(EvidenceOptions options, string folder, bool isNew)
    {
        var isNamed = options.MasterKeyFile.Length > 0;
        var path = isNamed ? options.MasterKeyFile : Path.Combine(folder, MasterKeyName);
        try
        {
            return !isNamed && isNew && !File.Exists(path) ? MasterKeyFile.Create(path) : MasterKeyFile.Read(path);
        }
        catch (KeyFileException failure)
        {
            throw new ConfigurationException("Evidence:MasterKeyFile: " + failure.Message);
        }
    }

    /// <summary>A signing key may change: each root names the key it was signed with.</summary>
    private static ECDsa OpenSigning(EvidenceOptions options, string folder)
    {
        var isNamed = options.SigningKeyFile.Length > 0;
        var path = isNamed ? options.SigningKeyFile : Path.Combine(folder, SigningKeyName);
        try
        {
            return !isNamed && !File.Exists(path) ? SigningKeyFile.Create(path) : SigningKeyFile.Read(path);
        }
        catch (KeyFileException failure)
        {
            throw new ConfigurationException("Evidence:SigningKeyFile: " + failure.Message);
        }
    }

    private static IReadOnlyList<ECDsa> OpenFormer(EvidenceOptions options)
    {
        try
        {
            return options.FormerKeysFile.Length == 0 ? [] : SigningKeyFile.ReadPublic(options.FormerKeysFile);
        }
        catch (KeyFileException failure)
        {
            throw new ConfigurationException("Evidence:FormerKeysFile: " + failure.Message);
        }
    }

    internal static string FolderOf(SchedulerOptions options) => Path.GetFullPath(options.Evidence.KeyDirectory.Length > 0
        ? options.Evidence.KeyDirectory
        : Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Storage.Directory)) + ".keys");

    [LoggerMessage(Level = LogLevel.Warning, Message = "Keys are kept in {Folder}, for development. Set Evidence:MasterKeyFile and Evidence:SigningKeyFile, and keep copies of them apart from the database's backups.")]
    private static partial void LogMade(ILogger log, string folder);
}
