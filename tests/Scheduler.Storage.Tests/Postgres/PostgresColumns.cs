using System.Text;
using Npgsql;
using NpgsqlTypes;
using Scheduler.PostgresKit;
using Scheduler.Storage.Postgres;
using Scheduler.Storage.Postgres.Commits;
using Scheduler.Storage.Postgres.Connections;

namespace Scheduler.Storage.Tests.Postgres;

/// <summary>Columns as the server understands them, beside the driver's own arrays of the same values.</summary>
[Collection(PostgresTests.Name)]
public sealed class PostgresColumns(AssemblyServer servers)
{
    /// <summary>Of values, so that a column is larger than the driver's buffer.</summary>
    private const int Many = 20_000;

    private static readonly Guid Name = new("00112233-4455-6677-8899-aabbccddeeff");

    [Fact]
    public async Task The_server_reads_a_column_as_it_reads_the_array_of_the_driver()
    {
        short[] smalls = [0, 1, -1, short.MinValue, short.MaxValue];
        int[] integers = [0, 1, -1, int.MinValue, int.MaxValue];
        long[] longs = [0, 1, -1, long.MinValue, long.MaxValue];
        string[] texts = ["", "a", "señal ✓ 📞", "one, \"two\" {three} \\ null", new string('x', 5_000)];
        Guid[] names = [Guid.Empty, Name, Guid.AllBitsSet];
        byte[][] bytes = [[], [0], [1, 0, 255], new byte[9_000]];
        int?[] lanes = [null, 7, null, 0];
        long?[] instants = [3, null];

        await AssertSameAsync(NpgsqlDbType.Smallint, smalls, static (column, value) => column.Add(value));
        await AssertSameAsync(NpgsqlDbType.Integer, integers, static (column, value) => column.Add(value));
        await AssertSameAsync(NpgsqlDbType.Bigint, longs, static (column, value) => column.Add(value));
        await AssertSameAsync(NpgsqlDbType.Text, texts, static (column, value) => column.Add(value));
        await AssertSameAsync(NpgsqlDbType.Uuid, names, static (column, value) => column.Add(value));
        await AssertSameAsync(NpgsqlDbType.Bytea, bytes, static (column, value) => column.Add((ReadOnlyMemory<byte>)value));
        await AssertSameAsync(NpgsqlDbType.Integer, lanes, static (column, value) => column.Add(value));
        await AssertSameAsync(NpgsqlDbType.Bigint, instants, static (column, value) => column.Add(value));
        await AssertSameAsync(NpgsqlDbType.Text, [.. Enumerable.Range(0, Many).Select(static i => $"load/debtor-{i:0000000}")], static (column, value) => column.Add(value));
    }

    [Fact]
    public void What_is_no_text_is_refused_and_never_becomes_another_text()
    {
        var column = new PackedColumn(NpgsqlDbType.Text);

        Assert.Throws<EncoderFallbackException>(() => column.Add("a\ud800b"));
    }

    /// <summary>The second time with what the column was filled with before: columns are kept from group to group.</summary>
    private async Task AssertSameAsync<T>(NpgsqlDbType type, T[] values, Action<PackedColumn, T> add)
    {
        await using var database = new PostgresDatabase(new PostgresOptions { ConnectionString = await (await servers.GetAsync()).CreateDatabaseAsync() });
        await using var connection = await database.OpenWriterAsync(TestContext.Current.CancellationToken);
        var column = new PackedColumn(type);
        foreach (var sent in (T[][])[values, values[..1], [.. values, .. values]])
        {
            column.Clear();
            foreach (var value in sent) add(column, value);
            await using var command = new NpgsqlCommand("select array_to_json($1)::text = array_to_json($2)::text and cardinality($1) = $3 and array_lower($1, 1) = 1", connection)
            {
                Parameters =
                {
                    new NpgsqlParameter<PackedColumn> { TypedValue = column, NpgsqlDbType = NpgsqlDbType.Array | type },
                    new NpgsqlParameter<T[]> { TypedValue = sent, NpgsqlDbType = NpgsqlDbType.Array | type },
                    new NpgsqlParameter<int> { TypedValue = sent.Length },
                },
            };
            Assert.True((bool)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!, $"{type}, {sent.Length} values");
        }
    }
}
