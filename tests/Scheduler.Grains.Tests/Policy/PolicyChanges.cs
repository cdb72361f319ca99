using System.Collections.Immutable;
using NodaTime;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Editions;

namespace Scheduler.Grains.Tests.Policy;

/// <summary>Changes of the policy in the words of these tests.</summary>
internal static class PolicyChanges
{
    /// <summary>An overlay that closes WhatsApp in Colombia.</summary>
    public const string NoWhatsapp = """
        schema: 2
        packs:
          - id: house.no_whatsapp
            title: House rule
            overlay: true
            applies: {country: CO}
            rules:
              - {id: house.no_whatsapp, type: forbid, governs: {channels: [whatsapp]}, source: "house rule", source_kind: design}
        """;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static PolicyOrder Order(string requestId = "", string tenant = "", byte digest = 1) => new(tenant, "officer", "tests", requestId, [digest]);

    public static PolicyBook Policy(this World world) => world.Get<PolicyBook>();

    public static async Task<string> UploadAsync(this World world, string yaml = NoWhatsapp)
    {
        var edition = PackEdition.Of(new PackText("pack.yaml", yaml));
        Assert.True(await world.Policy().Archive.KeepAsync(edition, "officer", "tests", 0, Cancel));
        return edition.Versions[0];
    }

    /// <summary>The list in force with one version more.</summary>
    public static async Task<PolicyAnswer> AddAsync(this World world, string version, Instant? from = null, string tenant = "", string requestId = "")
    {
        var list = await world.Policy().ReadAsync(tenant, Cancel);
        return await world.Policy().ActivateAsync(Order(requestId, tenant), [.. list.Versions, version], list.Row, from, Cancel);
    }

    public static async Task<PolicyAnswer> RevertAsync(this World world) =>
        await world.Policy().RevertAsync(Order(), (await world.Policy().ReadAsync("", Cancel)).Row, Cancel);

    public static Task<PolicyAnswer> CloseAsync(this World world, LocalDate date, string country = "CO") =>
        world.Policy().CloseDatesAsync(Order(), [new DecreedDate(date, country, "", "", "Duelo nacional", "Decreto 1")], Cancel);

    public static Task ReplanAsync(this World world) => world.Get<Replanner>().RunAsync(RealTime.Provider, Cancel);

    public static ImmutableArray<string> InForce(this World world) =>
        [.. world.Get<IRuleSource>().For(World.Tenant, Instant.FromDateTimeOffset(world.Time.GetUtcNow())).Context.Policy.Packs.Select(static pack => pack.Version)];
}
