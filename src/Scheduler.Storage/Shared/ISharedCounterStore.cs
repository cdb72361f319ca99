namespace Scheduler.Storage;

/// <summary>Names one counter that several debtors of a tenant share.</summary>
/// <param name="Scope">"debt/loan-1", "household/d1~d2".</param>
public readonly record struct SharedKey(string Tenant, string Scope)
{
    public override string ToString() => $"{Tenant}/{Scope}";

    /// <summary>Splits at the first slash.</summary>
    public static SharedKey Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return new SharedKey(text[..slash], text[(slash + 1)..]);
    }
}

/// <summary>A shared counter as stored.</summary>
public sealed record SharedRow(long Version, ReadOnlyMemory<byte> State);

/// <summary>A shared counter's next version; 0 expected creates.</summary>
/// <param name="WriteId">Names this write for ever: a row that carries it was written by us.</param>
public sealed record SharedWrite(SharedKey Key, long ExpectedVersion, Guid WriteId, ReadOnlyMemory<byte> State);

/// <summary>
/// Counters wider than one debtor. A write is answered when it is durable and travels with the debtors' writes; its answers and exceptions
/// are those of <see cref="IDebtorStore"/>.
/// </summary>
public interface ISharedCounterStore
{
    ValueTask<WriteAnswer> WriteAsync(SharedWrite write, CancellationToken cancellationToken = default);

    /// <summary>Null: nobody has shared this yet. Sees every write answered before the call.</summary>
    Task<SharedRow?> ReadAsync(SharedKey key, CancellationToken cancellationToken = default);
}
