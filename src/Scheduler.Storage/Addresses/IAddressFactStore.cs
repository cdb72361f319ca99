namespace Scheduler.Storage;

/// <summary>What is known of an address, whoever lists it.</summary>
/// <param name="Digest">From <see cref="IAddressDigests"/>.</param>
/// <param name="Kind">Number of the domain's <c>AddressFactKind</c>.</param>
/// <param name="Channel">Number of the channel; 0: all.</param>
/// <param name="At">Unix milliseconds of what happened.</param>
/// <param name="Seq">Rises with every fact that is learned.</param>
public readonly record struct AddressFactRow(string Digest, int Kind, int Channel, long At, long Seq);

/// <summary>
/// Facts about addresses. A debtor's write that links an address with facts newer than <see cref="DebtorWrite.AddressFactsSeen"/> does not commit:
/// together with looking the links up after a fact is durable, no debtor that lists an address escapes a fact about it.
/// </summary>
public interface IAddressFactStore
{
    /// <summary>Answered when durable. Of two facts of one kind and channel the later stands; learning one again changes nothing.</summary>
    /// <param name="taken">Facts that end where they are no later than the instant given here.</param>
    Task RecordAsync(string tenant, IReadOnlyList<AddressFactRow> learned, IReadOnlyList<AddressFactRow> taken, CancellationToken cancellationToken = default);

    /// <summary>Sees every fact answered before the call.</summary>
    Task<IReadOnlyList<AddressFactRow>> FindAsync(string tenant, IReadOnlyList<string> digests, CancellationToken cancellationToken = default);
}
