using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using Scheduler.Domain.Policy;
using Scheduler.RulePacks;

namespace Scheduler.Domain.Tests.Policy;

/// <summary>Debtors who live where a shipped pack applies, and policies in which that pack is the one of its family in force.</summary>
internal static class PackSituation
{
    private static readonly string[] Products = ["credit_card", "mortgage", "vehicle", "microcredit", "medical", "student_loan", ""];

    public static readonly ImmutableArray<string> PackIds = [.. Situation.Library.Packs.Select(pack => pack.Pack.Id)];

    private static readonly ImmutableDictionary<string, PolicySnapshot> Policies = Situation.Library.Packs.ToImmutableDictionary(pack => pack.Pack.Id, With);

    public static PolicySnapshot PolicyWith(string packId) => Policies[packId];

    /// <summary>A debtor in the pack's own place; a pack of no country is met in one that has a pack.</summary>
    public static DebtorState LivingUnder(string packId)
    {
        var applies = PackOf(packId).Applies;
        var country = applies.Country.Length > 0 ? applies.Country : applies.IsElsewhere ? "PA" : "MX";
        return Situation.Living() with
        {
            Profile = DebtorProfile.Empty with { Locations = [new LocationEvidence(country, applies.Region, applies.Municipality, "", "", LocationSource.Residence, null)] },
        };
    }

    /// <summary>The random debtor of the other tests, moved to a place of the pack, with facts that packs ask for.</summary>
    public static Situation Of(Random random, string packId)
    {
        var policy = PolicyWith(packId);
        var situation = RandomSituation.Of(random, policy);
        var purpose = random.Next(3) == 0 ? (ContactPurpose)random.Next(0, 13) : situation.Purpose;
        return (situation with { Channel = (ContactChannel)random.Next(1, 14), Purpose = purpose, Mode = (PlacementMode)random.Next(0, 5), Promotes = random.Next(8) switch { 0 => true, 1 => null, _ => false } }).With(debtor => debtor with
        {
            Profile = LivingUnder(packId).Profile with { EmployerForbidsContact = random.Next(4) == 0 },
            Points = [debtor.Points[0] with { Kind = (PointKind)random.Next(0, 8), Place = (PointPlace)random.Next(0, 4), ReassignmentCheckedAt = random.Next(2) == 0 ? null : situation.At - Duration.FromDays(random.Next(0, 80)) }],
            Accounts = [.. Enumerable.Range(0, random.Next(1, 3)).Select(index => Account(random, index, situation.At, debtor.Accounts[0]))],
        });
    }

    private static Account Account(Random random, int index, Instant at, Account account) => account with
    {
        Id = new(index == 0 ? "A" : "B"),
        Collector = (CollectorKind)random.Next(0, 5),
        Product = Products[random.Next(Products.Length)],
        Stage = (AccountStage)random.Next(0, 7),
        IsConsumer = random.Next(5) switch { 0 => false, 1 => null, _ => true },
        IsTimeBarred = random.Next(5) switch { 0 => true, 1 => null, _ => false },
        OldestDueOn = random.Next(3) == 0 ? null : at.InUtc().Date.PlusDays(-random.Next(0, 100)),
        ContractOn = random.Next(3) == 0 ? null : account.ContractOn,
    };

    private static RulePack PackOf(string packId) => Situation.Library.Packs.Single(pack => pack.Pack.Id == packId).Pack;

    private static PolicySnapshot With(ShippedPack pack) => Situation.Library.Compile(modes: new Dictionary<string, string> { [pack.Family] = pack.Pack.Id });
}
