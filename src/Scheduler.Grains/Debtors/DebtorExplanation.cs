using System.Collections.Immutable;
using Google.Protobuf;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Planning;
using Scheduler.Domain.Policy;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Grains.Debtors;

/// <summary>"May this debtor be contacted, per channel and point, and why": every rule's answer, at any instant. Reads only.</summary>
internal static class DebtorExplanation
{
    public static byte[] Write(DebtorState debtor, ReadOnlyMemory<byte> request, DecisionContext context, Instant now)
    {
        var policy = context.Policy;
        var asked = V1.ExplainDebtorRequest.Parser.ParseFrom(request.Span);
        var at = asked.AtTime is { } time ? ScalarMap.ToInstant(time) : now;
        var purpose = asked.Purpose == V1.ContactPurpose.Unspecified ? ContactPurpose.Collection : (ContactPurpose)asked.Purpose;
        var channels = asked.Channels.Count == 0 ? Enum.GetValues<ContactChannel>().Skip(1) : asked.Channels.Select(static c => (ContactChannel)c);
        var answer = new V1.ExplainDebtorResponse();
        var packs = new SortedSet<string>(StringComparer.Ordinal);
        var missing = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var channel in channels)
        {
            foreach (var point in debtor.Points)
            {
                if (!PointChoice.Carries(point, channel)) continue;
                foreach (var accounts in ByCreditor(debtor))
                {
                    // Asked as of a message that carries what it must: otherwise every message would be explained by its missing notice.
                    var question = Question(debtor, channel, point, accounts, purpose, at) with { Shared = context.Shared };
                    var explanation = PolicyEvaluator.Explain(question with { Notices = PolicyEvaluator.RequiredNotices(question, policy) }, policy);
                    var permitted = explanation.Verdict.IsPermit ? accounts.Select(static a => a.Id) : [];
                    answer.Explanations.Add(VerdictMap.Write(explanation, channel, point.Id, permitted));
                    if (answer.Zones.Count == 0) answer.Zones.AddRange(explanation.Zones.Select(VerdictMap.Write));
                    packs.UnionWith(explanation.PackVersions);
                    missing.UnionWith(explanation.MissingFacts);
                }
            }
        }

        answer.AppliedPacks.AddRange(packs);
        answer.MissingFacts.AddRange(missing);
        return answer.ToByteArray();
    }

    private static PolicyQuestion Question(
        DebtorState debtor, ContactChannel channel, ContactPoint point, ImmutableArray<Account> accounts, ContactPurpose purpose, Instant at) => new()
        {
            Debtor = debtor,
            Channel = channel,
            Point = point,
            Accounts = accounts,
            At = at,
            Purpose = purpose,
            Mode = channel == ContactChannel.Call ? PlacementMode.Preview : PlacementMode.Automated,
            Role = accounts[0].Role,
            Notices = [],
            Promotes = purpose == ContactPurpose.Marketing,
            InReplyTo = "",
            ExceptContact = "",
        };

    /// <summary>One dispatch never speaks for two creditors, so neither does a question.</summary>
    private static IEnumerable<ImmutableArray<Account>> ByCreditor(DebtorState debtor) =>
        debtor.Accounts.Where(static a => a.IsOpen).GroupBy(static a => a.CreditorId, StringComparer.Ordinal).Select(static g => g.ToImmutableArray());
}
