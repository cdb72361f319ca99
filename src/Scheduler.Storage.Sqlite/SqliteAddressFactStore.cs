using Scheduler.Storage.Sqlite.Commits;
using Scheduler.Storage.Sqlite.Connections;
using Scheduler.Storage.Sqlite.Reads;

namespace Scheduler.Storage.Sqlite;

/// <summary>Facts about addresses in SQLite.</summary>
internal sealed class SqliteAddressFactStore(SqliteWriter writer, ScanThread scans) : IAddressFactStore
{
    public Task RecordAsync(
        string tenant, IReadOnlyList<AddressFactRow> learned, IReadOnlyList<AddressFactRow> taken, CancellationToken cancellationToken = default) =>
        writer.TransactAsync(
            session =>
            {
                foreach (var fact in taken) Run(session["Addresses/Take"], tenant, fact);
                foreach (var fact in learned)
                {
                    Run(session["Addresses/Outdate"], tenant, fact);
                    Run(session["Addresses/Learn"], tenant, fact);
                }

                return learned.Count;
            },
            cancellationToken);

    public Task<IReadOnlyList<AddressFactRow>> FindAsync(string tenant, IReadOnlyList<string> digests, CancellationToken cancellationToken = default) =>
        scans.ReadAsync<IReadOnlyList<AddressFactRow>>(session => [.. digests.SelectMany(digest => Find(session, tenant, digest))], cancellationToken);

    private static List<AddressFactRow> Find(SqliteSession session, string tenant, string digest) =>
        session["Addresses/Find"].Bind(1, tenant).Bind(2, digest)
            .ReadAll(row => new AddressFactRow(digest, (int)row.Int64(0), (int)row.Int64(1), row.Int64(2), row.Int64(3)));

    private static void Run(Statement statement, string tenant, AddressFactRow fact) =>
        statement.Bind(1, tenant).Bind(2, fact.Digest).Bind(3, fact.Kind).Bind(4, fact.Channel).Bind(5, fact.At).Run();
}
