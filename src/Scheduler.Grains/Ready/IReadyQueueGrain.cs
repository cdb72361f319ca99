using System.Collections.Immutable;
using Orleans.Concurrency;
using Scheduler.Domain.Debtors;

namespace Scheduler.Grains.Ready;

/// <summary>Candidates of one channel, most urgent first; keyed by the channel's name. Memory only, bounded.</summary>
[Alias("scheduler.ready-queue")]
public interface IReadyQueueGrain : IGrainWithStringKey
{
    [OneWay]
    Task Offer(Candidate candidate);

    /// <summary>Pops up to <see cref="TakeRequest.Count"/> candidates; waits if there is none.</summary>
    [AlwaysInterleave]
    Task<TakeAnswer> Take(TakeRequest request);

    /// <summary>Candidates now in the queue.</summary>
    [AlwaysInterleave]
    Task<int> Count();
}

/// <summary>A debtor that may be contacted now, as its grain saw it.</summary>
/// <param name="Debtor">Grain key.</param>
/// <param name="Version">Row version at which it was permitted.</param>
/// <param name="Band">0 (most urgent) to 3.</param>
/// <param name="Point">Contact point that it would be placed at.</param>
/// <param name="ClosesAt">End of the permission, unix milliseconds: nearer ends go first within a band.</param>
[GenerateSerializer, Immutable, Alias("scheduler.candidate")]
public sealed record Candidate(string Debtor, long Version, int Lane, ContactChannel Channel, int Band, long ClosesAt, string Point = "");

/// <summary>What a pull wants.</summary>
/// <param name="Tenants">None: every tenant.</param>
/// <param name="FullTenants">Tenants for whom pacing has no room now.</param>
/// <param name="Wait">Waits at most this long for the first one.</param>
[GenerateSerializer, Immutable, Alias("scheduler.take-request")]
public sealed record TakeRequest(ImmutableArray<string> Tenants, int Count, TimeSpan Wait, ImmutableArray<string> FullTenants = default);

/// <summary>What a pull got.</summary>
/// <param name="IsPaused">A pause closes lanes of tenants that it serves.</param>
/// <param name="Paused">Candidates of them that were in the queue already.</param>
/// <param name="Passed">Candidates of tenants without room.</param>
[GenerateSerializer, Immutable, Alias("scheduler.take-answer")]
public sealed record TakeAnswer(ImmutableArray<Candidate> Candidates, bool IsPaused, int Paused, int Passed = 0);
