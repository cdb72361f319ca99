using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Events;

/// <summary>What grants and refusals stood on.</summary>
internal static class ProofMap
{
    public static V1.LeaseProof Write(LeaseProof source)
    {
        var proof = new V1.LeaseProof
        {
            PolicyEpoch = source.PolicyEpoch,
            TzVersion = source.ZoneDataVersion,
            Place = source.Place.ToProto(),
            ContactsDigest = source.ContactsDigest,
            ContactCount = source.ContactCount,
            CreditorId = source.CreditorId,
            NotAfterTime = ScalarMap.ToProto(source.NotAfter),
            RuleCount = source.RuleCount,
            InputsDigest = source.InputsDigest,
        };
        proof.PackVersions.AddRange(source.PackVersions);
        foreach (var zone in source.Zones) proof.Zones.Add(Write(zone));
        foreach (var collector in source.Collectors) proof.CollectorKinds.Add(collector.ToProto());
        foreach (var rule in source.Rules) proof.Rules.Add(Write(rule));
        return proof;
    }

    public static LeaseProof Read(V1.LeaseProof source) => new()
    {
        PolicyEpoch = source.PolicyEpoch,
        ZoneDataVersion = source.TzVersion,
        PackVersions = [.. source.PackVersions],
        Place = source.Place.ToDomain(),
        Zones = [.. source.Zones.Select(Read)],
        ContactsDigest = source.ContactsDigest,
        ContactCount = source.ContactCount,
        Collectors = [.. source.CollectorKinds.Select(static kind => kind.ToDomain())],
        CreditorId = source.CreditorId,
        NotAfter = ScalarMap.ToInstant(source.NotAfterTime),
        Rules = [.. source.Rules.Select(Read)],
        RuleCount = source.RuleCount,
        InputsDigest = source.InputsDigest,
    };

    public static V1.RefusalProof? Write(RefusalProof? source)
    {
        if (source is null) return null;
        var proof = new V1.RefusalProof
        {
            PolicyEpoch = source.PolicyEpoch,
            TzVersion = source.ZoneDataVersion,
            RuleCount = source.RuleCount,
            InputsDigest = source.InputsDigest,
        };
        proof.PackVersions.AddRange(source.PackVersions);
        foreach (var zone in source.Zones) proof.Zones.Add(Write(zone));
        foreach (var rule in source.Rules) proof.Rules.Add(Write(rule));
        return proof;
    }

    public static RefusalProof? Read(V1.RefusalProof? source) => source is null ? null : new()
    {
        PolicyEpoch = source.PolicyEpoch,
        ZoneDataVersion = source.TzVersion,
        PackVersions = [.. source.PackVersions],
        Zones = [.. source.Zones.Select(Read)],
        Rules = [.. source.Rules.Select(Read)],
        RuleCount = source.RuleCount,
        InputsDigest = source.InputsDigest,
    };

    private static V1.ZoneTime Write(ZoneTime zone) => new()
    {
        ZoneId = zone.ZoneId,
        LocalDate = ScalarMap.ToProto(zone.Local.Date),
        LocalNanosecond = zone.Local.NanosecondOfDay,
    };

    private static ZoneTime Read(V1.ZoneTime zone) =>
        new(zone.ZoneId, ScalarMap.ToDate(zone.LocalDate).At(LocalTime.FromNanosecondsSinceMidnight(zone.LocalNanosecond)));

    private static V1.RuleProof Write(RuleProof rule) => new()
    {
        RuleId = rule.RuleId,
        Refused = rule.IsRefusal,
        UntilTime = ScalarMap.ToProto(rule.Until),
        LiftedBy = rule.LiftedBy,
        Counter = rule.Counter is not { } counter ? null : new()
        {
            Used = counter.Used,
            Provisional = counter.Provisional,
            Limit = counter.Limit,
            Period = counter.Period,
        },
    };

    private static RuleProof Read(V1.RuleProof rule) => new(rule.RuleId)
    {
        IsRefusal = rule.Refused,
        Until = Names.Instant(rule.UntilTime),
        LiftedBy = rule.LiftedBy,
        Counter = rule.Counter is not { } counter ? null : new(counter.Used, counter.Provisional, counter.Limit, counter.Period),
    };
}
