using Scheduler.Domain.Debtors;
using Scheduler.RulePacks;

namespace Scheduler.RulePacks.Tests;

public sealed class ShippedPacksTests
{
    [Fact]
    public void Shipped_packs_are_read_without_a_problem()
    {
        var isRead = PackLibrary.TryLoad(ShippedFiles.PackFiles(), out var library, out var problems);
        Assert.True(isRead, string.Join(Environment.NewLine, problems));
        Assert.Superset(new HashSet<string> { "PE.strict", "PE.literal", "CL.strict", "CL.literal", "EC.strict", "EC.literal", "MX.strict", "MX.literal", "GT", "CO.max", "ES.strict", "ES.literal", "GB.strict", "GB.literal", "IE.strict", "IE.literal" }, library.Packs.Select(pack => pack.Pack.Id).ToHashSet());
        Assert.Superset(new HashSet<string> { "CO.strict", "CO.literal", "US", "US-MA", "US-NY", "US-NYC", "US-DC", "US-WA", "US-WV", "US-FL" }, library.Packs.Select(pack => pack.Pack.Id).ToHashSet());
    }

    [Fact]
    public void Default_policy_takes_the_strict_reading_of_Colombia()
    {
        var policy = PackLibrary.LoadShipped().Compile(epoch: 3);
        Assert.Equal(3, policy.Epoch);
        Assert.Equal(["CO.strict"], policy.Packs.Select(pack => pack.Id).Where(id => id.StartsWith("CO", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("PLATFORM-WHATSAPP")]
    [InlineData("PLATFORM-SMS-US")]
    [InlineData("PLATFORM-SMS-CA")]
    public void A_platform_that_permits_collecting_for_others_forbids_it_no_more(string family)
    {
        var policy = PackLibrary.LoadShipped().Compile(modes: new Dictionary<string, string> { [family] = $"{family}.permitted" });
        Assert.DoesNotContain(policy.Packs.Single(pack => pack.Id == $"{family}.permitted").Rules, rule => rule is Domain.Packs.Rule.Forbid);
    }

    [Fact]
    public void A_mode_that_no_pack_has_is_refused() =>
        Assert.Throws<ArgumentException>(() => PackLibrary.LoadShipped().Compile(modes: new Dictionary<string, string> { ["CO"] = "CO.lenient" }));
}
