using Npgsql;
using Scheduler.Storage.Postgres.Connections;

namespace Scheduler.Storage.Postgres;

/// <summary>Facts about addresses in PostgreSQL. They are recorded between groups, so a group that adds an address sees them or is seen by their teller.</summary>
internal sealed class PostgresAddressFactStore(PostgresDatabase database) : IAddressFactStore
{
    public Task RecordAsync(
        string tenant, IReadOnlyList<AddressFactRow> learned, IReadOnlyList<AddressFactRow> taken, CancellationToken cancellationToken = default) =>
        database.TransactAsync(
            async connection =>
            {
                await connection.RunAsync("Commits/Barrier", cancellationToken);
                foreach (var fact in taken) await RunAsync(connection, "Addresses/Take", tenant, fact, cancellationToken);
                foreach (var fact in learned)
                {
                    await RunAsync(connection, "Addresses/Outdate", tenant, fact, cancellationToken);
                    await RunAsync(connection, "Addresses/Learn", tenant, fact, cancellationToken);
                }

                return learned.Count;
            },
            cancellationToken);

    public async Task<IReadOnlyList<AddressFactRow>> FindAsync(string tenant, IReadOnlyList<string> digests, CancellationToken cancellationToken = default)
    {
        string[] wanted = [.. digests];
        return await database.QueryAsync(
            "Addresses/Find",
            static row => new AddressFactRow(row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetInt64(3), row.GetInt64(4)),
            cancellationToken, Values.Of(tenant), Values.Of(wanted));
    }

    private static Task<int> RunAsync(NpgsqlConnection connection, string statement, string tenant, AddressFactRow fact, CancellationToken cancellationToken) =>
        connection.RunAsync(
            statement, cancellationToken, Values.Of(tenant), Values.Of(fact.Digest), Values.Of(fact.Kind), Values.Of(fact.Channel), Values.Of(fact.At));
}
