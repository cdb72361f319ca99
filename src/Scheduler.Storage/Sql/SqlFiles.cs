using System.Reflection;

namespace Scheduler.Storage.Sql;

/// <summary>The .sql files of a back end: one named statement a file, and the numbered migrations.</summary>
public sealed class SqlFiles(Assembly assembly)
{
    private const string MigrationPrefix = "Migrations/";

    public string Statement(string name) => Read("Statements/" + name);

    /// <summary>Numbers and scripts, ascending.</summary>
    public IReadOnlyList<(int Number, string Script)> Migrations() =>
        [.. assembly.GetManifestResourceNames()
            .Where(static name => name.StartsWith(MigrationPrefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (int.Parse(name.AsSpan(MigrationPrefix.Length, 4)), Read(name)))];

    /// <summary>The migrations that a database of schema <paramref name="current"/> lacks. Throws where it was written by a newer build.</summary>
    public IReadOnlyList<(int Number, string Script)> MigrationsAfter(long current)
    {
        var all = Migrations();
        if (current > all[^1].Number)
        {
            throw new StorageUnavailableException(
                $"The database has schema {current}, this build knows {all[^1].Number}: it was written by a newer build.");
        }

        return [.. all.Where(migration => migration.Number > current)];
    }

    private string Read(string resource)
    {
        using var stream = assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException($"There is no statement file {resource}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
