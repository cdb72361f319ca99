using System.Collections.Immutable;
using Grpc.Core;
using Scheduler.Cli.Sessions;
using Scheduler.Domain.Packs;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Editions;
using Scheduler.V1;

namespace Scheduler.Cli.Auditing;

/// <summary>
/// The packs that decisions name: those of this build, and the texts that the service keeps, uploaded packs, overlays and closed dates among them. A version
/// carries the digest of its text, so a text that was changed is not the version it claims to be. Threading: one audit.
/// </summary>
/// <param name="fetch">The text that the service keeps under a version; null: none.</param>
internal sealed class PacksOfTheTime(Func<string, CancellationToken, Task<PackText?>> fetch)
{
    private readonly PackShelf _shelf = new(PackEdition.Shipped());
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>Those of this build alone.</summary>
    public PacksOfTheTime() : this(static (_, _) => Task.FromResult<PackText?>(null))
    {
    }

    public static PacksOfTheTime Of(ServiceSession session, string tenant) => new(async (version, cancel) =>
    {
        try
        {
            var kept = await session.Policy.GetPackAsync(new GetPackRequest { TenantId = tenant, PackVersion = version }, cancellationToken: cancel);
            return new PackText(kept.Info.File, kept.DefinitionYaml);
        }
        catch (RpcException failure) when (failure.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument)
        {
            return null;
        }
    });

    /// <summary>Brings the packs of a decision to hand, each once.</summary>
    public async ValueTask FetchAsync(ImmutableArray<string> versions, CancellationToken cancel)
    {
        foreach (var version in versions)
        {
            if (_shelf.Find(version) is null && _asked.Add(version) && await fetch(version, cancel) is { } text) _shelf.Add(PackEdition.Of(text));
        }
    }

    /// <summary>Null: not at hand, or not readable.</summary>
    public RulePack? Find(string version) =>
        _shelf.Find(version) is not null && _shelf.TryRead([version], out var packs, out _) && packs is [{ } pack, ..] ? pack : null;
}
