using Scheduler.Domain.Policy;
using Scheduler.Grains.Rules;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;
using Scheduler.RulePacks;
using Scheduler.V1;

namespace Scheduler.Services.Policy;

/// <summary>Requests and answers of dry runs.</summary>
internal static class DryRunMap
{
    private const int ExampleDefault = 20;
    private const int ExampleLimit = 100;

    public static DryRunOrder Read(FieldViolations violations, DryRunPolicyRequest request)
    {
        PolicyMap.Versions(violations, request.PackVersions);
        var ratio = request.HasSampleRatio ? request.SampleRatio : 1;
        if (!(ratio > 0 && ratio <= 1)) violations.Add("sample_ratio", FieldReasons.OutOfRange, "more than 0, at most 1");
        if (request.ExampleLimit is < 0 or > ExampleLimit) violations.Add("example_limit", FieldReasons.OutOfRange, $"0 to {ExampleLimit}");
        return new DryRunOrder(request.TenantId, [.. request.PackVersions], ratio, request.ExampleLimit == 0 ? ExampleDefault : request.ExampleLimit);
    }

    public static DryRunResult Write(DryRunCount count)
    {
        var result = new DryRunResult
        {
            PermitToDenyCount = count.Moved(DryRunStanding.Permitted, DryRunStanding.Denied),
            DenyToPermitCount = count.Moved(DryRunStanding.Denied, DryRunStanding.Permitted),
            PermitToDeferCount = count.Moved(DryRunStanding.Permitted, DryRunStanding.Deferred),
            DeferToPermitCount = count.Moved(DryRunStanding.Deferred, DryRunStanding.Permitted),
            DeferToDenyCount = count.Moved(DryRunStanding.Deferred, DryRunStanding.Denied),
            DenyToDeferCount = count.Moved(DryRunStanding.Denied, DryRunStanding.Deferred),
            EarlierWakeCount = count.Earlier,
            LaterWakeCount = count.Later,
            RevokedLeaseCount = count.Revoked,
            UnreadableCount = count.Unreadable,
        };
        foreach (var (rule, debtors) in count.DeniedBy) result.DeniedByRule[rule] = debtors;
        foreach (var (rule, debtors) in count.DeferredBy) result.DeferredByRule[rule] = debtors;
        foreach (var (rule, debtors) in count.PermittedBy) result.PermittedByRule[rule] = debtors;
        result.WideningRuleIds.AddRange(count.Widening);
        foreach (var debtor in count.UnreadableDebtors) result.UnreadableDebtors.Add(new UnreadableDebtor { TenantId = debtor.Tenant, DebtorId = debtor.Debtor });
        foreach (var example in count.Examples)
        {
            result.Examples.Add(new V1.DryRunExample
            {
                TenantId = example.Debtor.Tenant,
                DebtorId = example.Debtor.Debtor,
                Before = Write(example.Before, example.PacksBefore),
                After = Write(example.After, example.PacksAfter),
            });
        }

        return result;
    }

    private static V1.Verdict? Write(Domain.Policy.Verdict? verdict, IEnumerable<string> packVersions) => verdict is { } one ? VerdictMap.Write(one, packVersions, PackLibrary.ZoneDataVersion) : null;
}
