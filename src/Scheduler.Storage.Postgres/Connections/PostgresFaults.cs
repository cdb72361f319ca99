using System.Text;
using Npgsql;
using Scheduler.Storage.GroupCommit;

namespace Scheduler.Storage.Postgres.Connections;

/// <summary>What the server's and the driver's failures mean.</summary>
internal static class PostgresFaults
{
    private const string Error = "ERROR";

    /// <param name="isCommitSent">The failure came while the commit was on its way: without the server's word nobody knows what became of it.</param>
    public static GroupFaultException OfGroup(Exception failure, bool isCommitSent) => new(
        failure switch
        {
            // The server refused a statement and goes on living: the transaction is gone as a whole.
            PostgresException { InvariantSeverity: Error } refused => OfState(refused.SqlState),
            // Text that is no Unicode: the driver stopped in the middle of a message.
            EncoderFallbackException => GroupFault.Data,
            _ when isCommitSent => GroupFault.OutcomeUnknown,
            // The connection broke before the commit was sent: the server rolls back, and a new connection may do better.
            _ => GroupFault.Transient,
        },
        failure.Message,
        failure);

    public static bool IsFailure(Exception failure) =>
        failure is NpgsqlException or IOException or TimeoutException or System.Net.Sockets.SocketException or EncoderFallbackException;

    /// <summary>The connection is of no use any more; the statement may be tried on another one.</summary>
    public static bool IsBroken(Exception failure) =>
        IsFailure(failure) && failure is not PostgresException { InvariantSeverity: Error };

    public static StorageUnavailableException Unavailable(Exception failure) => new(failure.Message, failure);

    private static GroupFault OfState(string state) => state switch
    {
        PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.LockNotAvailable => GroupFault.Transient,
        _ when state.StartsWith("22", StringComparison.Ordinal) || state.StartsWith("23", StringComparison.Ordinal) => GroupFault.Data,
        PostgresErrorCodes.ProgramLimitExceeded => GroupFault.Data,
        _ => GroupFault.Unavailable,
    };
}
