using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using NodaTime;
using Scheduler.Grains.Rules;
using Scheduler.Protocol.Mapping;
using Scheduler.V1;

namespace Scheduler.Services.Policy;

/// <summary>The audit trail of the policy, read from the versions of its rows, and what it says of each pack.</summary>
public sealed class PolicyTrail(PolicyHistory history)
{
    public const int PageDefault = 50;
    public const int PageLimit = 200;

    /// <summary>State of every version that is or was in a list that decides for the tenant.</summary>
    public async Task<IReadOnlyDictionary<string, PackState>> StatesAsync(string tenant, PolicyList list, Instant now, CancellationToken cancellationToken)
    {
        var states = new Dictionary<string, PackState>(StringComparer.Ordinal);
        var whose = tenant.Length == 0 ? new[] { "" } : ["", tenant];
        foreach (var one in whose)
        {
            foreach (var former in await history.ListsAsync(one, cancellationToken))
            {
                foreach (var version in former.Value.Versions) states[version] = PackState.Retired;
            }
        }

        if (list.Schedule is { } schedule && schedule.EffectiveAt > now)
        {
            foreach (var version in schedule.Versions) states[version] = PackState.Scheduled;
        }

        foreach (var version in list.At(now)) states[version] = PackState.Active;
        return states;
    }

    public async Task<ListActivationsResponse> ListAsync(string tenant, int count, CancellationToken cancellationToken)
    {
        var lists = await history.ListsAsync(tenant, cancellationToken);
        var activations = lists.Select((row, index) => Write(row, index + 1 < lists.Length ? lists[index + 1].Value.Versions : Before(row.Value)))
            .Concat((await history.DatesAsync(tenant, cancellationToken)).Select(Write));
        var response = new ListActivationsResponse { Replan = Write(await history.ReplanAsync(cancellationToken)) };
        response.Activations.AddRange(activations.OrderByDescending(static one => one.ChangeTime).ThenByDescending(static one => one.PolicyEpoch).Take(count));
        return response;
    }

    /// <summary>What decided before a tenant had a list of its own: everybody's.</summary>
    private static ImmutableArray<string> Before(PolicyList first) => first.Change == PolicyChange.Scheduled ? first.Versions : first.Former;

    private static Activation Write(Recorded<PolicyList> row, ImmutableArray<string> before)
    {
        var list = row.Value;
        var versions = list.Change == PolicyChange.Scheduled ? list.Schedule!.Versions : list.Versions;
        var activation = Begin(row, list.Change, list.Row, list.Epoch);
        activation.EffectiveTime = list.Change == PolicyChange.Scheduled ? ScalarMap.ToProto(list.Schedule!.EffectiveAt) : null;
        activation.ListDigest = ByteString.CopyFrom(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', versions.Order(StringComparer.Ordinal)))));
        activation.PackVersions.AddRange(versions);
        activation.AddedVersions.AddRange(versions.Except(before, StringComparer.Ordinal));
        activation.RemovedVersions.AddRange(before.Except(versions, StringComparer.Ordinal));
        return activation;
    }

    private static Activation Write(Recorded<ClosedDateList> row)
    {
        var activation = Begin(row, row.Value.Change, row.Value.Row, row.Value.Epoch);
        activation.Dates.AddRange(row.Value.Changed.Select(PolicyMap.Write));
        return activation;
    }

    private static Activation Begin<T>(Recorded<T> row, PolicyChange change, long etag, long epoch) => new()
    {
        Kind = (ActivationKind)change,
        ChangeTime = ScalarMap.ToProto(row.At),
        Actor = new Actor { ActorId = row.Actor, Reason = row.Reason },
        Etag = PolicyMap.Etag(etag),
        PolicyEpoch = epoch,
    };

    private static ReplanState? Write(ReplanProgress? progress) => progress is null ? null : new ReplanState
    {
        PolicyEpoch = progress.Epoch,
        ExaminedCount = progress.Examined,
        MovedCount = progress.Moved,
        RevokedLeaseCount = progress.Revoked,
        IsDone = progress.IsDone,
    };
}
