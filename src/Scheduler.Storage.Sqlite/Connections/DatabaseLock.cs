namespace Scheduler.Storage.Sqlite.Connections;

/// <summary>
/// One process per database. The kernel drops the lock when the process ends, however it ends. SQLite's own exclusive mode would shut out our readers too.
/// </summary>
internal sealed class DatabaseLock : IDisposable
{
    private readonly FileStream file;

    private DatabaseLock(FileStream file) => this.file = file;

    public static DatabaseLock Take(string databasePath)
    {
        try
        {
            return new DatabaseLock(new FileStream(databasePath + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException held)
        {
            throw new StorageUnavailableException(
                $"The database {databasePath} is in use by another process, or its folder cannot be written: {held.Message}", held);
        }
    }

    public void Dispose() => file.Dispose();
}
