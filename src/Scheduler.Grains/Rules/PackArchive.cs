using System.Collections.Immutable;
using System.Text;
using Google.Protobuf;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Editions;
using Scheduler.Storage;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Grains.Rules;

/// <summary>Every pack text that is or was ever known here, by digest, in settings rows that are never deleted; in memory once it was asked for.</summary>
/// <remarks>Threading: any.</remarks>
public sealed class PackArchive(ISettingsStore settings, PackShelf shelf)
{
    public PackShelf Shelf => shelf;

    /// <summary>Digest over vocabulary and places, which every pack is read with.</summary>
    public string BaseDigest { get; } = PackEdition.DigestOf(string.Concat(ShippedFiles.BaseFiles().Select(static file => $"{file.File}\n{file.Text}\n")));

    /// <summary>Registers the packs of this release and what they are read with.</summary>
    public async Task RegisterShippedAsync(long at, CancellationToken cancellationToken)
    {
        foreach (var edition in shelf.Shipped) await KeepAsync(edition, PolicyRows.Configuration, "part of the release", at, cancellationToken);
        var key = PolicyRows.BasePrefix + BaseDigest;
        if (await settings.ReadSettingAsync(key, cancellationToken) is not null) return;
        var stored = new Stored.PackBase();
        stored.Files.AddRange(ShippedFiles.BaseFiles().Select(static file => new Stored.BaseFile { File = file.File, Text = file.Text }));
        await settings.WriteSettingAsync(new SettingWrite(key, 0, stored.ToByteArray(), PolicyRows.Configuration, "part of the release", at), cancellationToken);
    }

    /// <summary>Stores an edition; what stands there already stays. False where a version of it names another text.</summary>
    public async Task<bool> KeepAsync(PackEdition edition, string actor, string reason, long at, CancellationToken cancellationToken)
    {
        foreach (var version in edition.Versions) await FindAsync(version, cancellationToken);
        if (!shelf.Add(edition)) return false;
        var key = PolicyRows.KeyOf(edition);
        var known = await settings.ReadSettingAsync(key, cancellationToken);
        var value = PolicyRows.Write(edition);

        // The same definition with other cases or sources is another version of its row; a release does not hand an upload over to itself.
        if (known is not null && (known.Value.Span.SequenceEqual(value) || !edition.IsShipped)) return true;
        await settings.WriteSettingAsync(new SettingWrite(key, known?.Version ?? 0, value, actor, reason, at), cancellationToken);
        return true;
    }

    /// <summary>Null: no such version was ever stored.</summary>
    public async Task<PackEdition?> FindAsync(string version, CancellationToken cancellationToken)
    {
        if (shelf.Find(version) is { } known) return known;
        var digits = version[(version.LastIndexOf('@') + 1)..];
        if (digits.Length != PackEdition.VersionDigits || !digits.All(char.IsAsciiHexDigitLower)) return null;
        foreach (var row in await settings.ListSettingsAsync(PolicyRows.PackPrefix + digits, cancellationToken)) shelf.Add(PolicyRows.ReadEdition(row));
        return shelf.Find(version);
    }

    /// <summary>Brings the versions into memory; false where one was never stored.</summary>
    public async Task<bool> FetchAsync(IEnumerable<string> versions, CancellationToken cancellationToken)
    {
        foreach (var version in versions)
        {
            if (await FindAsync(version, cancellationToken) is null) return false;
        }

        return true;
    }

    /// <summary>Every edition that a tenant may see, by version.</summary>
    public async Task<ImmutableArray<PackEdition>> ListAsync(string tenant, CancellationToken cancellationToken)
    {
        foreach (var row in await settings.ListSettingsAsync(PolicyRows.PackPrefix, cancellationToken)) shelf.Add(PolicyRows.ReadEdition(row));
        return [.. shelf.Editions.Where(edition => edition.Tenant.Length == 0 || edition.Tenant == tenant)];
    }
}
