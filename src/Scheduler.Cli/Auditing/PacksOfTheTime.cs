using Scheduler.Cli.Sessions;
using Scheduler.Domain.Packs;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Editions;
using Scheduler.V1;

namespace Scheduler.Cli.Auditing;

/// <summary>
/// The packs that decisions may name: those of this build, and the texts that the service keeps. A version carries the digest of its text, so a text that was
/// changed is not the version it claims to be. Threading: one audit.
/// </summary>
internal sealed class PacksOfTheTime
{
    private readonly PackShelf _shelf = new(PackEdition.Shipped());

    public static async Task<PacksOfTheTime> ReadAsync(ServiceSession session, string tenant, CancellationToken cancel)
    {
        var packs = new PacksOfTheTime();
        var listed = await session.Policy.ListPacksAsync(new ListPacksRequest { TenantId = tenant }, cancellationToken: cancel);
        foreach (var version in listed.Packs.Where(info => packs._shelf.Find(info.PackVersion) is null))
        {
            var kept = await session.Policy.GetPackAsync(new GetPackRequest { TenantId = tenant, PackVersion = version.PackVersion }, cancellationToken: cancel);
            packs._shelf.Add(PackEdition.Of(new PackText(version.File, kept.DefinitionYaml)));
        }

        return packs;
    }

    /// <summary>Null: not at hand, or not readable.</summary>
    public RulePack? Find(string version) =>
        _shelf.Find(version) is not null && _shelf.TryRead([version], out var packs, out _) && packs is [{ } pack, ..] ? pack : null;
}
