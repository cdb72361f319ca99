using System.Globalization;
using Scheduler.Storage;

namespace Scheduler.Benchmarks.Due;

/// <summary>
/// The debtors of the benchmark, each a pure function of its number: sixteen tenants, four lanes each, due over the 90 days before
/// <see cref="Until"/>. Slices are those of their keys.
/// </summary>
/// <param name="FirstLane">Number of the first lane; the others follow it without a gap.</param>
internal sealed record DueEntries(int Count, int StateBytes, int FirstLane)
{
    public const int LaneCount = Tenants * Bands;

    public const long Until = 1_795_000_000_000;

    private const int Tenants = 16;
    private const int Bands = 4;
    private const long Span = 90L * 86_400_000;

    /// <summary>A prime, so that its multiples come to every instant of the span before one comes again.</summary>
    private const long Stride = 2_654_435_761;

    private readonly byte[] _state = new byte[StateBytes];

    /// <summary>The tally of every debtor: none of it is measured.</summary>
    public static DebtorTally Tally { get; } = new((int)Domain.Debtors.DebtorPhase.Waiting, 1, 1, 0, 0, 0);

    /// <summary>The catalogue's numbers for the lanes, which are made where they are not there.</summary>
    public static async Task<DueEntries> OpenAsync(ILaneCatalogue catalogue, int count, int stateBytes)
    {
        var lanes = new List<int>();
        foreach (var key in from tenant in Enumerable.Range(0, Tenants) from band in Enumerable.Range(0, Bands) select new LaneKey(TenantOf(tenant), "sms", band))
        {
            lanes.Add(await catalogue.GetOrAddLaneAsync(key));
        }

        if (lanes.Where((lane, index) => lane != lanes[0] + index).Any()) throw new InvalidOperationException("The lanes' numbers have gaps.");
        return new DueEntries(count, stateBytes, lanes[0]);
    }

    public DebtorKey KeyOf(int number) => new(TenantOf(number % Tenants), string.Create(CultureInfo.InvariantCulture, $"debtor-{number:D8}"));

    public int LaneOf(int number) => FirstLane + (number % Tenants * Bands) + (number / Tenants % Bands);

    public long DueAtOf(int number) => Until - Span + (number * Stride % Span);

    public ReadOnlyMemory<byte> State => _state;

    /// <summary>Names the row's first write.</summary>
    public static Guid WriteIdOf(long number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, number);
        return new Guid(bytes);
    }

    /// <summary>A write of the debtor's second version.</summary>
    public DebtorWrite WriteOf(int number, long dueAt) => new()
    {
        Key = KeyOf(number),
        ExpectedVersion = 1,
        WriteId = WriteIdOf(number + (1L << 40)),
        Lane = LaneOf(number),
        DueAt = dueAt,
        State = State,
        TallyBefore = Tally,
        Tally = Tally,
    };

    private static string TenantOf(int tenant) => string.Create(CultureInfo.InvariantCulture, $"tenant-{tenant:D2}");
}
