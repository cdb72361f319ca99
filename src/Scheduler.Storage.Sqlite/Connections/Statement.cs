using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Scheduler.Storage.Sqlite.Connections;

/// <summary>
/// One prepared statement, reused for the life of its connection. Binds spans without allocating, which the driver's parameters cannot.
/// </summary>
/// <remarks>Threading: its connection's thread. Parameters keep their values until bound again.</remarks>
internal sealed class Statement : IDisposable
{
    private const int StackChars = 512;

    private readonly sqlite3 database;
    private readonly sqlite3_stmt handle;

    public Statement(sqlite3 database, string sql)
    {
        this.database = database;
        Check(raw.sqlite3_prepare_v3(database, sql, raw.SQLITE_PREPARE_PERSISTENT, out handle));
    }

    public int Changes => raw.sqlite3_changes(database);

    public Statement Bind(int index, long value)
    {
        Check(raw.sqlite3_bind_int64(handle, index, value));
        return this;
    }

    public Statement Bind(int index, long? value)
    {
        if (value is { } number) return Bind(index, number);
        Check(raw.sqlite3_bind_null(handle, index));
        return this;
    }

    public Statement Bind(int index, ReadOnlySpan<byte> value)
    {
        Check(value.IsEmpty ? raw.sqlite3_bind_zeroblob(handle, index, 0) : raw.sqlite3_bind_blob(handle, index, value));
        return this;
    }

    public Statement Bind(int index, string? text)
    {
        if (text is null) Check(raw.sqlite3_bind_null(handle, index));
        else if (text.Length is 0 or > StackChars) Check(raw.sqlite3_bind_text(handle, index, text));
        else BindShort(index, text);
        return this;
    }

    public Statement Bind(int index, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes, bigEndian: true, out _);
        return Bind(index, bytes);
    }

    /// <summary>True while there is a row.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(handle);
        if (code == raw.SQLITE_ROW) return true;
        if (code == raw.SQLITE_DONE) return false;
        var failure = Failure(code);
        raw.sqlite3_reset(handle);
        throw failure;
    }

    /// <summary>Runs to its end and is ready for the next values; answers the rows changed.</summary>
    public int Run()
    {
        while (Step())
        {
            // A statement that is run for its effect has no rows to look at.
        }

        Reset();
        return Changes;
    }

    /// <summary>Every row, read with <paramref name="read"/>.</summary>
    public List<T> ReadAll<T>(Func<Statement, T> read)
    {
        var rows = new List<T>();
        while (Step()) rows.Add(read(this));
        Reset();
        return rows;
    }

    public void Reset() => raw.sqlite3_reset(handle);

    public bool IsNull(int column) => raw.sqlite3_column_type(handle, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(handle, column);

    public int Int32(int column) => raw.sqlite3_column_int(handle, column);

    public long? NullableInt64(int column) => IsNull(column) ? null : Int64(column);

    /// <summary>Valid until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column) => raw.sqlite3_column_blob(handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    public Guid Guid(int column) => new(Bytes(column), bigEndian: true);

    public void Dispose() => handle.Dispose();

    private void BindShort(int index, string text)
    {
        Span<byte> utf8 = stackalloc byte[Encoding.UTF8.GetMaxByteCount(StackChars)];
        var length = Encoding.UTF8.GetBytes(text, utf8);
        Check(raw.sqlite3_bind_text(handle, index, utf8[..length]));
    }

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK) throw Failure(code);
    }

    private SqliteException Failure(int code) =>
        new(raw.sqlite3_errmsg(database).utf8_to_string(), code & 0xFF, raw.sqlite3_extended_errcode(database));
}
