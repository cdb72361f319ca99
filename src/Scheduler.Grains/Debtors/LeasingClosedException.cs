namespace Scheduler.Grains.Debtors;

/// <summary>Nothing is leased, confirmed or extended at present; nothing was written.</summary>
[GenerateSerializer]
public sealed class LeasingClosedException(string closedFor) : OrleansException($"Leasing is closed: {closedFor}.")
{
    public const string Reason = "LEASING_CLOSED";

    public static Fault FaultOf(string closedFor) => new(Reason, $"Nothing is leased or confirmed at present: {closedFor}.");

    public Fault Fault { get; } = FaultOf(closedFor);
}
