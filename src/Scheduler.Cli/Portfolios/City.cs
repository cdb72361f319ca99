using System.Collections.Immutable;

namespace Scheduler.Cli.Portfolios;

/// <summary>A place that generated debtors live in. Prefixes are E.164 without the subscriber's last seven digits.</summary>
internal sealed record City(string Name, string Country, string Region, string Zone, string PhonePrefix, int Weight)
{
    /// <summary>Two countries and six zones, two of them without summer time.</summary>
    public static readonly ImmutableArray<City> All =
    [
        new("Bogota", "CO", "DC", "America/Bogota", "+57301", 26),
        new("Medellin", "CO", "ANT", "America/Bogota", "+57304", 13),
        new("Cali", "CO", "VAC", "America/Bogota", "+57315", 9),
        new("Barranquilla", "CO", "ATL", "America/Bogota", "+57320", 7),
        new("New York", "US", "NY", "America/New_York", "+1212", 10),
        new("Miami", "US", "FL", "America/New_York", "+1305", 8),
        new("Chicago", "US", "IL", "America/Chicago", "+1312", 8),
        new("Denver", "US", "CO", "America/Denver", "+1303", 6),
        new("Phoenix", "US", "AZ", "America/Phoenix", "+1602", 6),
        new("Los Angeles", "US", "CA", "America/Los_Angeles", "+1213", 7),
    ];
}
