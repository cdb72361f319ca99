namespace Scheduler.Grains.Debtors;

/// <summary>How a contact went, as an operator says.</summary>
/// <param name="Resolution">Number of the protocol's <c>ContactResolution</c>.</param>
/// <param name="Reason">On what ground; no personal data.</param>
[GenerateSerializer, Immutable, Alias("scheduler.resolve-order")]
public sealed record ResolveOrder(string DispatchId, int Resolution, string Actor, string Reason);

/// <summary>What an operator says of a debtor in quarantine.</summary>
/// <param name="Released">Back to work; else it was looked at and stays.</param>
[GenerateSerializer, Immutable, Alias("scheduler.quarantine-order")]
public sealed record QuarantineOrder(bool Released, string Actor, string Reason);
