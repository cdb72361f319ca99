#pragma warning disable NPG9001 // The driver says that its way in for types of one's own may change: it is used in this file alone, and a test sends every type of column.
using Npgsql;
using Npgsql.Internal;
using Npgsql.Internal.Postgres;

namespace Scheduler.Storage.Postgres.Commits;

/// <summary>Hands the driver a column's bytes as they are.</summary>
internal sealed class PackedColumnConverter() : PgStreamingConverter<PackedColumn>(customDbNullPredicate: false)
{
    public override Size GetSize(SizeContext context, PackedColumn value, ref object? writeState) => value.Written.Length;

    public override void Write(PgWriter writer, PackedColumn value) => writer.WriteBytes(value.Written.Span);

    public override ValueTask WriteAsync(PgWriter writer, PackedColumn value, CancellationToken cancellationToken = default) =>
        writer.WriteBytesAsync(value.Written, cancellationToken);

    public override PackedColumn Read(PgReader reader) => throw new NotSupportedException("Columns are only sent.");

    public override ValueTask<PackedColumn> ReadAsync(PgReader reader, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Columns are only sent.");
}

/// <summary>Makes the driver know packed columns, whatever the type of their elements.</summary>
internal sealed class PackedColumnTypes : PgTypeInfoResolverFactory
{
    public static void AddTo(NpgsqlDataSourceBuilder builder) => builder.AddTypeInfoResolverFactory(new PackedColumnTypes());

    public override IPgTypeInfoResolver CreateResolver() => new Resolver();

    public override IPgTypeInfoResolver? CreateArrayResolver() => null;

    private sealed class Resolver : IPgTypeInfoResolver
    {
        public PgTypeInfo? GetTypeInfo(Type? type, DataTypeName? dataTypeName, PgSerializerOptions options) =>
            type == typeof(PackedColumn) && dataTypeName is { } array ? new PgTypeInfo(options, new PackedColumnConverter(), new PgTypeId(array)) : null;
    }
}
