using Microsoft.Data.Sqlite;
using Scheduler.Storage.GroupCommit;
using SQLitePCL;

namespace Scheduler.Storage.Sqlite.Connections;

/// <summary>What SQLite's codes mean to a group.</summary>
internal static class SqliteFaults
{
    /// <summary>Of a statement before the commit: nothing of the transaction stays.</summary>
    public static GroupFaultException OfStatement(SqliteException exception) => new(
        exception.SqliteErrorCode switch
        {
            raw.SQLITE_CONSTRAINT or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH or raw.SQLITE_RANGE => GroupFault.Data,
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => GroupFault.Transient,
            _ => GroupFault.Unavailable,
        },
        exception.Message,
        exception);

    /// <summary>Of the commit itself: a write or a sync that failed half way may be found whole after a crash.</summary>
    public static GroupFaultException OfCommit(SqliteException exception) => new(
        exception.SqliteErrorCode switch
        {
            raw.SQLITE_CONSTRAINT => GroupFault.Data,
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => GroupFault.Transient,
            raw.SQLITE_FULL or raw.SQLITE_READONLY => GroupFault.Unavailable,
            _ => GroupFault.OutcomeUnknown,
        },
        exception.Message,
        exception);

    public static StorageUnavailableException OfRead(SqliteException exception) => new(exception.Message, exception);
}
