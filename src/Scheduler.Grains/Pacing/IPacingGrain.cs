using System.Collections.Immutable;
using Orleans.Concurrency;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Pulls;
using Scheduler.Grains.Ready;

namespace Scheduler.Grains.Pacing;

/// <summary>Gives out room under every limit of pacing; there is one, key 0. Low rate: twice a pull, and only where limits are set.</summary>
[Alias("scheduler.pacing")]
public interface IPacingGrain : IGrainWithIntegerKey
{
    /// <summary>How many dispatches of a channel have room at most, and which tenants have none.</summary>
    Task<PacingRoom> Look(PacingQuestion question);

    /// <summary>Takes room for candidates, in their order; what is given is durable where a restart must not forget it.</summary>
    Task<ImmutableArray<PacingGrant>> Reserve(PacingOrder order);

    /// <summary>What became of the candidates that were given room.</summary>
    Task Settle(ImmutableArray<PacingResult> results);

    /// <summary>A lease lives longer than it was given room for; answered when that is durable.</summary>
    Task Extend(PacingExtension extension);

    /// <summary>A lease is over.</summary>
    [OneWay]
    Task End(string debtor, long fence);
}

/// <summary>What a sender of a pull can take.</summary>
[GenerateSerializer, Immutable, Alias("scheduler.sender-room")]
public readonly record struct SenderRoom(string SenderId, string LimitGroup, int Free)
{
    /// <summary>Of a pull that names none: its gateway chooses, and may choose any.</summary>
    public static readonly SenderRoom Unnamed = new("", "", int.MaxValue);

    public bool IsUnnamed => SenderId.Length == 0;
}

/// <summary>Whose work, where.</summary>
/// <param name="Senders">Those that nothing stops; none: the pull names none.</param>
[GenerateSerializer, Immutable, Alias("scheduler.pacing-question")]
public sealed record PacingQuestion(ContactChannel Channel, ImmutableArray<SenderRoom> Senders);

/// <summary>An upper bound: what it promises may be gone when it is asked for.</summary>
/// <param name="Next">Unix milliseconds at which there may be room, where there is none.</param>
[GenerateSerializer, Immutable, Alias("scheduler.pacing-room")]
public sealed record PacingRoom(int Count, ImmutableArray<string> FullTenants, long? Next);

/// <summary>Candidates that want room.</summary>
/// <param name="Until">Unix milliseconds at which their leases have surely ended, unless extended.</param>
[GenerateSerializer, Immutable, Alias("scheduler.pacing-order")]
public sealed record PacingOrder(ImmutableArray<Candidate> Candidates, ImmutableArray<SenderRoom> Senders, long Until);

/// <summary>Room for one candidate, or why there is none.</summary>
/// <param name="Reason">None: granted.</param>
[GenerateSerializer, Immutable, Alias("scheduler.pacing-grant")]
public readonly record struct PacingGrant(WithheldReason Reason, string SenderId, long? Next);

/// <summary>A candidate's end.</summary>
/// <param name="Fence">Of the lease; 0: it was not leased, and its room is given back.</param>
[GenerateSerializer, Immutable, Alias("scheduler.pacing-result")]
public readonly record struct PacingResult(string Debtor, long Fence);

/// <summary>A lease's new end.</summary>
/// <param name="Until">Unix milliseconds.</param>
[GenerateSerializer, Immutable, Alias("scheduler.pacing-extension")]
public sealed record PacingExtension(string Debtor, ContactChannel Channel, string SenderId, long Fence, long Until);
