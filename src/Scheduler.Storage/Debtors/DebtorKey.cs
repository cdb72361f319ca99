namespace Scheduler.Storage;

/// <summary>Whose row it is. Written <c>tenant/debtor</c>, which is also the grain's key.</summary>
public readonly record struct DebtorKey
{
    /// <summary>Fixed for ever: the slice number is stored in the row.</summary>
    public const int SliceCount = 1024;

    public DebtorKey(string tenant, string debtor)
    {
        Tenant = tenant;
        Debtor = debtor;
        Text = string.Concat(tenant, "/", debtor);
    }

    private DebtorKey(string text, int slash)
    {
        Text = text;
        Tenant = text[..slash];
        Debtor = text[(slash + 1)..];
    }

    public string Tenant { get; }

    public string Debtor { get; }

    /// <summary><c>tenant/debtor</c>.</summary>
    public string Text { get; }

    public int Slice => (int)(Crc32C.Compute(Text) % SliceCount);

    /// <summary>The text is split at its first slash: a tenant's id holds none.</summary>
    public static DebtorKey Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 ? new DebtorKey(text, slash) : throw new FormatException("A debtor's key is written tenant/debtor.");
    }

    public bool Equals(DebtorKey other) => string.Equals(Text, other.Text, StringComparison.Ordinal);

    public override int GetHashCode() => Text is null ? 0 : unchecked((int)Crc32C.Compute(Text));

    public override string ToString() => Text;
}
