using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Protocol.Border;

namespace Scheduler.Protocol.Mapping;

/// <summary>Contacts that nobody planned: the request, and the answer to it.</summary>
public static class AuthorizeMap
{
    /// <summary>Leaves room in a pull's id for what marks it as a request of this kind.</summary>
    private const int RequestIdLength = 100;

    /// <summary>A lease that was asked for so has this before its request's id where others have their pull's.</summary>
    public const string PullPrefix = "authorize:";

    /// <summary>The caller sets <see cref="AuthorizeCommand.NextVersion"/>.</summary>
    public static AuthorizeCommand Read(V1.AuthorizeContactRequest source, FieldViolations v, Duration duration)
    {
        var channel = v.Known("channel", source.Channel).ToDomain();
        var purpose = v.Known("purpose", source.Purpose, required: false).ToDomain();
        var mode = v.Known("placement_mode", source.PlacementMode, required: false).ToDomain();
        v.IdOrEmpty("point_id", source.PointId);
        if (v.AtMost("account_ids", source.AccountIds.Count, DebtorLimits.Accounts))
        {
            for (var i = 0; i < source.AccountIds.Count; i++) v.Id("account_ids", source.AccountIds[i], i);
        }

        if (!source.DryRun) v.Id("request_id", source.RequestId);
        if (source.RequestId.Length > RequestIdLength) v.Add("request_id", FieldReasons.TooLong, $"at most {RequestIdLength} characters");
        return new AuthorizeCommand
        {
            NextVersion = 0,
            PullId = PullPrefix + source.RequestId,
            Channel = channel,
            Point = source.PointId.Length == 0 ? default : new PointId(source.PointId),
            Purpose = purpose == ContactPurpose.Unknown ? ContactPurpose.Collection : purpose,
            Accounts = [.. source.AccountIds.Select(static id => new AccountId(id)).Distinct()],
            GatewayId = source.Gateway?.GatewayId ?? "",
            InstanceId = source.Gateway?.InstanceId ?? "",
            AgentId = v.Text("agent_id", source.AgentId, BorderLimits.IdLength),
            Mode = mode == PlacementMode.Unknown ? DefaultMode(channel) : mode,
            InReplyTo = v.Text("in_reply_to_contact_id", source.InReplyToContactId, BorderLimits.ReferenceLength),
            Duration = duration,
            Promotes = source.HasPromotes ? source.Promotes : null,
            OnlyAsks = source.DryRun,
        };
    }

    public static V1.AuthorizeContactResponse Write(DebtorState debtor, AuthorizeReply reply, ContactChannel channel, ImmutableArray<DispatchDemand> demands, PolicySnapshot policy)
    {
        var response = new V1.AuthorizeContactResponse();
        if (reply.Explanation is { } explanation)
        {
            var written = VerdictMap.Write(explanation, channel, reply.Point?.Id ?? default, []);
            response.Verdict = written.Verdict;
            response.RuleResults.Add(written.RuleResults);
        }

        if (reply.Verdict is { } verdict) response.Verdict ??= VerdictMap.Write(verdict, policy.PackVersionsOf(debtor), policy.ZoneDataVersion);
        if (reply.Lease is not { } lease) return response;
        response.Dispatch = DispatchMap.Write(debtor, lease, step: null, response.Verdict, demands);
        response.Dispatch.Content.RequiredNotices.AddRange(reply.Notices);
        return response;
    }

    private static PlacementMode DefaultMode(ContactChannel channel) =>
        channel is ContactChannel.Call or ContactChannel.Visit ? PlacementMode.Preview : PlacementMode.Automated;
}
