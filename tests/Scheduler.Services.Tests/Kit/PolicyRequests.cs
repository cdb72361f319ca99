using Scheduler.RulePacks;
using Scheduler.RulePacks.Editions;

namespace Scheduler.Services.Tests.Kit;

/// <summary>Legal requests about the policy; a test changes what it is about.</summary>
internal static class PolicyRequests
{
    public const string Overlay = """
        schema: 2
        packs:
          - id: house.no_calls
            title: House rule
            overlay: true
            applies: {country: CO}
            rules:
              - {id: house.no_calls, type: forbid, governs: {channels: [call]}, source: "house rule", source_kind: design}
        """;

    public static V1.Actor Why => new() { Reason = "decree 12" };

    public static V1.ClosedDate Mourning => new()
    {
        Date = new Google.Type.Date { Year = 2026, Month = 12, Day = 3 },
        CountryCode = "CO",
        Name = "Duelo nacional",
        Source = "Decreto 12",
    };

    public static V1.CreatePackVersionRequest Upload(string yaml = Overlay) => new() { TenantId = Requests.Tenant, DefinitionYaml = yaml, Actor = Why };

    public static V1.AddClosedDatesRequest Close(params V1.ClosedDate[] dates) =>
        new() { TenantId = Requests.Tenant, Dates = { dates.Length == 0 ? [Mourning] : dates }, Actor = Why };

    /// <summary>The packs that the release puts in force, as a list of the tenant's own.</summary>
    public static V1.ActivatePolicyRequest Activate(params string[] added) => new()
    {
        TenantId = Requests.Tenant,
        PackVersions = { PackLibrary.Shipped.Choose(null).Select(static pack => pack.Version).Concat(added) },
        Etag = "0",
        Actor = Why,
    };

    public static string VersionOf(string pack) =>
        PackEdition.Shipped().SelectMany(static edition => edition.Versions).Single(version => PackEdition.IdOf(version) == pack);
}
