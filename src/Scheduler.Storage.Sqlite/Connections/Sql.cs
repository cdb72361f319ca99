namespace Scheduler.Storage.Sqlite.Connections;

/// <summary>The .sql files of this room: one named statement a file, and the numbered migrations.</summary>
internal static class Sql
{
    private const string MigrationPrefix = "Migrations/";

    public static string Statement(string name) => Read("Statements/" + name);

    /// <summary>Numbers and scripts, ascending.</summary>
    public static IReadOnlyList<(int Number, string Script)> Migrations() =>
        [.. typeof(Sql).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(MigrationPrefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (int.Parse(name.AsSpan(MigrationPrefix.Length, 4)), Read(name)))];

    private static string Read(string resource)
    {
        using var stream = typeof(Sql).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"There is no statement file {resource}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
