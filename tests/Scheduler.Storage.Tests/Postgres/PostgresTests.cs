namespace Scheduler.Storage.Tests.Postgres;

/// <summary>Tests that share the server, one after the other: some of them crash it.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresTests
{
    public const string Name = "PostgreSQL";
}
