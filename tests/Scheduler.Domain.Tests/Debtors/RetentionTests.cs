using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Tests.Debtors;

public sealed class RetentionTests
{
    private static readonly RetentionTerm Default = new(Duration.FromDays(100), "default");
    private static readonly RetentionTerm Short = new(Duration.FromDays(10), "short");
    private static readonly RetentionTerm Long = new(Duration.FromDays(1_000), "long");

    private static readonly RetentionTerms Terms =
        new(Default, ImmutableDictionary<string, RetentionTerm>.Empty.Add("AA", Short).Add("BB", Long));

    [Theory]
    [InlineData("short", "AA")]
    [InlineData("default", "CC")]
    [InlineData("long", "AA", "BB")]
    [InlineData("default", "AA", "CC")]
    [InlineData("long")]
    [InlineData("long", "")]
    public void The_longest_term_of_the_places_binds_and_of_all_where_no_place_is_known(string basis, params string[] countries)
    {
        var profile = new DebtorProfile { Locations = [.. countries.Select(static code => new LocationEvidence(code, "", "", "", "", LocationSource.Unknown, null))] };
        Assert.Equal(basis, Terms.Of(profile).Basis);
    }
}
