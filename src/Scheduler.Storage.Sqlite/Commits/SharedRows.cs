using Scheduler.Storage.Sqlite.Connections;

namespace Scheduler.Storage.Sqlite.Commits;

/// <summary>Writes of shared counters inside a group's transaction.</summary>
internal static class SharedRows
{
    public static WriteAnswer Write(SqliteSession session, SharedWrite write)
    {
        var isCreate = write.ExpectedVersion == 0;
        var statement = session[isCreate ? "Shared/Create" : "Shared/Update"]
            .Bind(1, write.Key.Tenant).Bind(2, write.Key.Scope).Bind(3, write.WriteId).Bind(4, write.State.Span);
        if (!isCreate) statement.Bind(5, write.ExpectedVersion);
        return statement.Run() == 1 ? new WriteAnswer(WriteAnswerKind.Committed, write.ExpectedVersion + 1) : Unwritten(session, write);
    }

    /// <summary>A row that carries our write id was written by an earlier send of this write.</summary>
    private static WriteAnswer Unwritten(SqliteSession session, SharedWrite write)
    {
        var statement = session["Shared/Identity"].Bind(1, write.Key.Tenant).Bind(2, write.Key.Scope);
        var answer = new WriteAnswer(write.ExpectedVersion == 0 ? WriteAnswerKind.AlreadyExists : WriteAnswerKind.Conflict);
        if (statement.Step()) answer = new WriteAnswer(statement.Guid(1) == write.WriteId ? WriteAnswerKind.Committed : answer.Kind, statement.Int64(0));
        statement.Reset();
        return answer;
    }
}
