using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using NodaTime;
using Scheduler.Grains.Rules;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;
using Scheduler.RulePacks.Editions;
using Scheduler.Services.Access;
using Scheduler.V1;

namespace Scheduler.Services.Policy;

/// <summary>Requests and answers of the policy service, field by field.</summary>
internal static class PolicyMap
{
    private const int ReasonLength = 1_000;
    private const int NameLength = 200;

    /// <summary>Versions in one list.</summary>
    private const int ListLimit = 256;

    public static string Etag(long row) => row.ToString(CultureInfo.InvariantCulture);

    public static long ReadEtag(FieldViolations violations, string etag)
    {
        if (etag.Length == 0) violations.Add("etag", FieldReasons.Required, "the etag of ListPacks is required");
        else if (long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var row)) return row;
        else violations.Add("etag", FieldReasons.Malformed, "an etag of ListPacks");
        return 0;
    }

    public static void Version(FieldViolations violations, string field, string version, int index = -1)
    {
        if (version.Length == 0) violations.Add(field, FieldReasons.Required, "a version is required", index);
        else if (version.LastIndexOf('@') <= 0) violations.Add(field, FieldReasons.Malformed, "pack id @ digits of the digest", index);
        else violations.Word(field, version, BorderLimits.ReferenceLength, index);
    }

    /// <summary>A list of versions: one or more, each once.</summary>
    public static void Versions(FieldViolations violations, IReadOnlyList<string> versions)
    {
        if (versions.Count == 0) violations.Add("pack_versions", FieldReasons.Required, "one or more versions");
        if (!violations.AtMost("pack_versions", versions.Count, ListLimit)) return;
        for (var i = 0; i < versions.Count; i++) Version(violations, "pack_versions", versions[i], i);
        if (versions.Distinct(StringComparer.Ordinal).Count() < versions.Count) violations.Add("pack_versions", FieldReasons.Duplicate, "a version twice");
    }

    public static void Document(FieldViolations violations, string field, string text, int limit, bool isRequired = false)
    {
        if (isRequired && text.Length == 0) violations.Add(field, FieldReasons.Required, "a text is required");
        if (Encoding.UTF8.GetByteCount(text) > limit) violations.Add(field, FieldReasons.TooLong, $"at most {limit} bytes");
    }

    /// <summary>Who acts is the credential's actor; only the development credential may speak as another.</summary>
    public static (string Actor, string Reason) ActorOf(FieldViolations violations, Actor? actor, Credential caller, bool isReasonRequired)
    {
        using var scope = violations.In("actor");
        var reason = violations.Text("reason", actor?.Reason ?? "", ReasonLength);
        if (isReasonRequired && string.IsNullOrWhiteSpace(reason)) violations.Add("reason", FieldReasons.Required, "why, in words");
        var claimed = violations.IdOrEmpty("actor_id", actor?.ActorId ?? "");
        if (claimed.Length == 0 || claimed == caller.Actor) return (caller.Actor, reason);
        if (!caller.IsDevelopment || claimed == "configuration") violations.Add("actor_id", FieldReasons.Inconsistent, "the credential is another's");
        return (claimed, reason);
    }

    public static PolicyOrder OrderOf(FieldViolations violations, string tenant, Actor? actor, string requestId, Credential caller, IMessage request)
    {
        var (who, why) = ActorOf(violations, actor, caller, isReasonRequired: true);
        return new PolicyOrder(tenant, who, why, violations.IdOrEmpty("request_id", requestId), [.. SHA256.HashData(request.ToByteArray())]);
    }

    public static ImmutableArray<DecreedDate> Read(FieldViolations violations, IReadOnlyList<ClosedDate> dates, bool areNamed)
    {
        if (dates.Count == 0) violations.Add("dates", FieldReasons.Required, "one or more dates");
        if (!violations.AtMost("dates", dates.Count, PolicyBook.ClosedDateLimit)) return [];
        var read = ImmutableArray.CreateBuilder<DecreedDate>(dates.Count);
        for (var i = 0; i < dates.Count; i++)
        {
            using var scope = violations.In("dates", i);
            read.Add(Read(violations, dates[i], areNamed));
        }

        return read.DrainToImmutable();
    }

    public static ClosedDate Write(DecreedDate date) => new()
    {
        Date = ScalarMap.ToProto(date.Date),
        CountryCode = date.Country,
        RegionCode = date.Region,
        MunicipalityCode = date.Municipality,
        Name = date.Name,
        Source = date.Source,
    };

    public static PackInfo Write(PackEdition edition, string version, PackState state) => new()
    {
        PackId = PackEdition.IdOf(version),
        PackVersion = version,
        Digest = ByteString.CopyFrom(Convert.FromHexString(edition.Digest)),
        State = state,
        IsOverlay = edition.Overlays.Contains(version),
        IsShipped = edition.IsShipped,
        File = edition.Definition.File,
    };

    public static V1.PackProblem Write(RulePacks.PackProblem problem) => new() { Line = (int)problem.Line, Column = (int)problem.Column, Message = problem.Message };

    public static Timestamp? ScheduledTime(PolicyList list, Instant now) =>
        list.Schedule is { } schedule && schedule.EffectiveAt > now ? ScalarMap.ToProto(schedule.EffectiveAt) : null;

    private static DecreedDate Read(FieldViolations violations, ClosedDate date, bool isNamed)
    {
        if (date.CountryCode.Length != 2 || !date.CountryCode.All(char.IsAsciiLetterUpper)) violations.Add("country_code", FieldReasons.Malformed, "two capital letters of ISO 3166-1");
        if (isNamed && string.IsNullOrWhiteSpace(date.Name)) violations.Add("name", FieldReasons.Required, "a name is required");
        if (isNamed && string.IsNullOrWhiteSpace(date.Source)) violations.Add("source", FieldReasons.Required, "the law, decree or decision is required");
        var region = violations.Word("region_code", date.RegionCode);
        if (region.Contains('-', StringComparison.Ordinal)) violations.Add("region_code", FieldReasons.Malformed, "ISO 3166-2 without the country");
        return new DecreedDate(
            violations.Date("date", date.Date), date.CountryCode, region, violations.Word("municipality_code", date.MunicipalityCode),
            violations.Text("name", date.Name, NameLength), violations.Text("source", date.Source, NameLength));
    }
}
