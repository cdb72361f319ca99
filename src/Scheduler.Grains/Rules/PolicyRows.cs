using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf;
using NodaTime;
using Scheduler.RulePacks;
using Scheduler.RulePacks.Editions;
using Scheduler.Storage;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Grains.Rules;

/// <summary>What a change of the policy was.</summary>
public enum PolicyChange { Unknown = 0, Configured = 1, Activated = 2, Scheduled = 3, TookEffect = 4, Reverted = 5, DatesClosed = 6, DatesOpened = 7 }

/// <summary>A list of packs that is to be in force from an instant on.</summary>
public sealed record PolicySchedule(ImmutableArray<string> Versions, Instant EffectiveAt, string Actor, string Reason);

/// <summary>One version of the list in force of a tenant, or of every tenant without one of its own.</summary>
/// <param name="Row">Version of the settings row: the etag. 0: nothing was ever written.</param>
public sealed record PolicyList(
    long Row, ImmutableArray<string> Versions, ImmutableArray<string> Former, PolicySchedule? Schedule, ImmutableArray<string> Configured, long Epoch)
{
    public static readonly PolicyList None = new(0, [], [], null, [], 0);

    public PolicyChange Change { get; init; }

    public string RequestId { get; init; } = "";

    public ImmutableArray<byte> RequestDigest { get; init; } = [];

    /// <summary>The list at an instant: what was scheduled decides from its instant on, whoever has noticed.</summary>
    public ImmutableArray<string> At(Instant now) => Schedule is { } schedule && schedule.EffectiveAt <= now ? schedule.Versions : Versions;
}

/// <summary>One version of the dates that a tenant, or everybody, has closed.</summary>
public sealed record ClosedDateList(long Row, ImmutableArray<DecreedDate> Dates, long Epoch)
{
    public static readonly ClosedDateList None = new(0, [], 0);

    public PolicyChange Change { get; init; }

    public ImmutableArray<DecreedDate> Changed { get; init; } = [];

    public string RequestId { get; init; } = "";

    public ImmutableArray<byte> RequestDigest { get; init; } = [];
}

/// <summary>The settings rows of the policy: their keys, and their values both ways.</summary>
internal static class PolicyRows
{
    /// <summary>Stands for every tenant without a row of its own; no tenant can be named so.</summary>
    public const string Everybody = "*";

    public const string ForcePrefix = "policy/force/";
    public const string ClosedPrefix = "policy/closed/";
    public const string PackPrefix = "policy/pack/";
    public const string BasePrefix = "policy/base/";
    public const string ReplanKey = "policy/replan";

    /// <summary>The name under which the host itself changes the policy: from its configuration and its release.</summary>
    public const string Configuration = "configuration";

    public static string TenantOf(string tenant) => tenant.Length == 0 ? Everybody : tenant;

    public static PolicyList ReadList(SettingRow row)
    {
        var stored = Stored.PolicyInForce.Parser.ParseFrom(row.Value.Span);
        var schedule = stored.Schedule is { } next
            ? new PolicySchedule([.. next.PackVersions], Instant.FromUnixTimeMilliseconds(next.EffectiveAt), next.Actor, next.Reason)
            : null;
        return new PolicyList(row.Version, [.. stored.PackVersions], [.. stored.FormerPackVersions], schedule, [.. stored.ConfiguredPackVersions], stored.Epoch)
        {
            Change = (PolicyChange)stored.Change,
            RequestId = stored.RequestId,
            RequestDigest = [.. stored.RequestDigest],
        };
    }

    public static byte[] Write(PolicyList list, string baseDigest, string zoneDataVersion)
    {
        var stored = new Stored.PolicyInForce
        {
            Epoch = list.Epoch,
            Change = (uint)list.Change,
            RequestId = list.RequestId,
            RequestDigest = ByteString.CopyFrom(list.RequestDigest.AsSpan()),
            BaseDigest = ByteString.CopyFrom(Convert.FromHexString(baseDigest)),
            ZoneDataVersion = zoneDataVersion,
        };
        stored.PackVersions.AddRange(list.Versions);
        stored.FormerPackVersions.AddRange(list.Former);
        stored.ConfiguredPackVersions.AddRange(list.Configured);
        if (list.Schedule is { } schedule)
        {
            stored.Schedule = new Stored.PolicySchedule { EffectiveAt = schedule.EffectiveAt.ToUnixTimeMilliseconds(), Actor = schedule.Actor, Reason = schedule.Reason };
            stored.Schedule.PackVersions.AddRange(schedule.Versions);
        }

        return stored.ToByteArray();
    }

    public static ClosedDateList ReadDates(SettingRow row)
    {
        var stored = Stored.ClosedDates.Parser.ParseFrom(row.Value.Span);
        return new ClosedDateList(row.Version, [.. stored.Dates.Select(Read)], stored.Epoch)
        {
            Change = (PolicyChange)stored.Change,
            Changed = [.. stored.Changed.Select(Read)],
            RequestId = stored.RequestId,
            RequestDigest = [.. stored.RequestDigest],
        };
    }

    public static byte[] Write(ClosedDateList list)
    {
        var stored = new Stored.ClosedDates
        {
            Epoch = list.Epoch,
            Change = (uint)list.Change,
            RequestId = list.RequestId,
            RequestDigest = ByteString.CopyFrom(list.RequestDigest.AsSpan()),
        };
        stored.Dates.AddRange(list.Dates.Select(Write));
        stored.Changed.AddRange(list.Changed.Select(Write));
        return stored.ToByteArray();
    }

    public static PackEdition ReadEdition(SettingRow row)
    {
        var stored = Stored.PackFile.Parser.ParseFrom(row.Value.Span);
        return PackEdition.Of(new PackText(stored.File, stored.DefinitionYaml)) with
        {
            Cases = stored.CasesMarkdown,
            Sources = stored.SourcesMarkdown,
            Tenant = stored.Tenant,
            IsShipped = stored.Shipped,
        };
    }

    public static byte[] Write(PackEdition edition)
    {
        var stored = new Stored.PackFile
        {
            File = edition.Definition.File,
            DefinitionYaml = edition.Definition.Text,
            CasesMarkdown = edition.Cases,
            SourcesMarkdown = edition.Sources,
            Tenant = edition.Tenant,
            Shipped = edition.IsShipped,
        };
        stored.PackVersions.AddRange(edition.Versions);
        stored.OverlayVersions.AddRange(edition.Overlays);
        return stored.ToByteArray();
    }

    public static string KeyOf(PackEdition edition) => PackPrefix + edition.Digest;

    public static string Etag(long row) => row.ToString(CultureInfo.InvariantCulture);

    private static DecreedDate Read(Stored.ClosedDate date) => new(
        new LocalDate((int)(date.Date / 512), (int)(date.Date / 32 % 16), (int)(date.Date % 32)), date.Country, date.Region, date.Municipality, date.Name, date.Source);

    private static Stored.ClosedDate Write(DecreedDate date) => new()
    {
        Date = (uint)((date.Date.Year * 512) + (date.Date.Month * 32) + date.Date.Day),
        Country = date.Country,
        Region = date.Region,
        Municipality = date.Municipality,
        Name = date.Name,
        Source = date.Source,
    };
}
