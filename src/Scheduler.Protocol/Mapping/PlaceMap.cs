using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Border;

namespace Scheduler.Protocol.Mapping;

/// <summary>The person and the places where they may be.</summary>
public static class PlaceMap
{
    public static DebtorProfile Read(V1.DebtorProfile source, FieldViolations v)
    {
        var locations = ImmutableArray<LocationEvidence>.Empty;
        if (v.AtMost("locations", source.Locations.Count, BorderLimits.Locations))
        {
            locations = ReadLocations(source, v);
        }

        if (source.Language.Length > 0 && !IsLanguage(source.Language)) v.Add("language", FieldReasons.Malformed, "a BCP 47 tag, \"es-CO\"");
        if (source.HasRiskScore && !(source.RiskScore >= 0 && source.RiskScore <= 1)) v.Add("risk_score", FieldReasons.OutOfRange, "0 to 1");
        return new DebtorProfile
        {
            Locations = locations,
            Language = source.Language,
            LanguageRequested = source.LanguageRequested,
            IsMinor = source.Minor,
            EmployerForbidsContact = source.EmployerForbidsContact,
            RiskScore = source.HasRiskScore ? source.RiskScore : null,
            Tags = ReadTags(source.Tags, v),
            SpouseIds = ReadSpouses(source.SpouseDebtorIds, v),
        };
    }

    public static V1.DebtorProfile Write(DebtorProfile source)
    {
        var profile = new V1.DebtorProfile
        {
            Language = source.Language,
            LanguageRequested = source.LanguageRequested,
            Minor = source.IsMinor,
            EmployerForbidsContact = source.EmployerForbidsContact,
        };
        if (source.RiskScore is { } risk) profile.RiskScore = risk;
        profile.Tags.AddRange(source.Tags);
        profile.SpouseDebtorIds.AddRange(source.SpouseIds);
        foreach (var location in source.Locations) profile.Locations.Add(Write(location));
        return profile;
    }

    /// <summary>What was written by us, without the border's checks.</summary>
    public static DebtorProfile Trusted(V1.DebtorProfile source) => Read(source, new FieldViolations());

    /// <summary>"key=value" tags of debtors and accounts.</summary>
    public static ImmutableArray<string> ReadTags(IReadOnlyList<string> source, FieldViolations v)
    {
        if (source.Count == 0 || !v.AtMost("tags", source.Count, BorderLimits.Tags)) return [];
        var tags = new string[source.Count];
        for (var i = 0; i < tags.Length; i++)
        {
            tags[i] = v.Text("tags", source[i], BorderLimits.TagLength, i);
            if (tags[i].IndexOf('=', StringComparison.Ordinal) < 1) v.Add("tags", FieldReasons.Malformed, "key=value", i);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(tags);
    }

    private static ImmutableArray<string> ReadSpouses(RepeatedField<string> source, FieldViolations v)
    {
        if (source.Count == 0 || !v.AtMost("spouse_debtor_ids", source.Count, DebtorLimits.Spouses)) return [];
        foreach (var id in source) v.Id("spouse_debtor_ids", id);
        return [.. source.Distinct(StringComparer.Ordinal)];
    }

    private static ImmutableArray<LocationEvidence> ReadLocations(V1.DebtorProfile source, FieldViolations v)
    {
        var locations = ImmutableArray.CreateBuilder<LocationEvidence>(source.Locations.Count);
        for (var i = 0; i < source.Locations.Count; i++)
        {
            using var scope = v.In("locations", i);
            locations.Add(Read(source.Locations[i], v));
        }

        return locations.MoveToImmutable();
    }

    private static LocationEvidence Read(V1.LocationEvidence source, FieldViolations v)
    {
        var country = source.CountryCode;
        if (country.Length > 0 && (country.Length != 2 || country.AsSpan().ContainsAnyExceptInRange('A', 'Z')))
        {
            v.Add("country_code", FieldReasons.Malformed, "two capital letters of ISO 3166-1");
        }

        if (source.ZoneId.Length > 0 && DateTimeZoneProviders.Tzdb.GetZoneOrNull(source.ZoneId) is null)
        {
            v.Add("zone_id", FieldReasons.UnknownZone, "not a zone of the IANA database");
        }

        return new LocationEvidence(
            country,
            v.Word("region_code", source.RegionCode, 8),
            v.Word("municipality_code", source.MunicipalityCode, 16),
            v.Text("postal_code", source.PostalCode, 16),
            source.ZoneId,
            v.Known("source", source.Source, required: false).ToDomain(),
            v.InstantOrNull("observed_time", source.ObservedTime));
    }

    private static V1.LocationEvidence Write(LocationEvidence source) => new()
    {
        CountryCode = source.CountryCode,
        RegionCode = source.RegionCode,
        MunicipalityCode = source.MunicipalityCode,
        PostalCode = source.PostalCode,
        ZoneId = source.ZoneId,
        Source = source.Source.ToProto(),
        ObservedTime = ScalarMap.ToProto(source.ObservedAt),
    };

    private static bool IsLanguage(string tag)
    {
        if (tag.Length > 35) return false;
        var first = true;
        foreach (var range in tag.AsSpan().Split('-'))
        {
            var part = tag.AsSpan(range);
            if (part.Length is < 1 or > 8 || (first && part.Length < 2)) return false;
            foreach (var c in part)
            {
                if (!(first ? char.IsAsciiLetter(c) : char.IsAsciiLetterOrDigit(c))) return false;
            }

            first = false;
        }

        return true;
    }
}
