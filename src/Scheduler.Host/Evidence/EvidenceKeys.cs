using Scheduler.Host.Configuration;
using Scheduler.Storage;
using Scheduler.Storage.Sealing;

namespace Scheduler.Host.Evidence;

/// <summary>The keys this host runs with, held against the database before anything is served.</summary>
internal sealed partial class EvidenceKeys
{
    private const string MasterKeyName = "master.key";

    private EvidenceKeys(KeyRing ring, string madeAt)
    {
        Ring = ring;
        MadeAt = madeAt;
    }

    public KeyRing Ring { get; }

    /// <summary>Folder of the keys that no setting names; empty when all are named.</summary>
    public string MadeAt { get; }

    /// <exception cref="ConfigurationException">A key is missing, unreadable, or another one than the database was sealed with.</exception>
    public static async Task<EvidenceKeys> OpenAsync(SchedulerOptions options, ISettingsStore settings, TimeProvider clock)
    {
        var folder = FolderOf(options);
        var isNamed = options.Evidence.MasterKeyFile.Length > 0;
        var path = isNamed ? options.Evidence.MasterKeyFile : Path.Combine(folder, MasterKeyName);
        try
        {
            // A key that is named is never made up: a wrong path must not seal a database with a key that nobody has kept.
            var isMade = !isNamed && !File.Exists(path) && (await settings.ListSettingsAsync(KeyCheck.SettingPrefix)).Count == 0;
            var ring = isMade ? MasterKeyFile.Create(path) : MasterKeyFile.Read(path);
            if (await KeyCheck.RunAsync(ring, settings, clock.GetUtcNow().ToUnixTimeMilliseconds()) is { } fault)
            {
                throw new ConfigurationException($"Evidence:MasterKeyFile: {path}: {fault}.");
            }

            return new EvidenceKeys(ring, isNamed ? "" : folder);
        }
        catch (KeyFileException failure)
        {
            throw new ConfigurationException("Evidence:MasterKeyFile: " + failure.Message);
        }
    }

    public void Warn(ILogger log)
    {
        if (MadeAt.Length > 0) LogMade(log, MadeAt);
    }

    private static string FolderOf(SchedulerOptions options) => Path.GetFullPath(options.Evidence.KeyDirectory.Length > 0
        ? options.Evidence.KeyDirectory
        : Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Store.Directory)) + ".keys");

    [LoggerMessage(Level = LogLevel.Warning, Message = "Keys are kept in {Folder}, for development. Set Evidence:MasterKeyFile, and keep a copy of it apart from the database's backups.")]
    private static partial void LogMade(ILogger log, string folder);
}
