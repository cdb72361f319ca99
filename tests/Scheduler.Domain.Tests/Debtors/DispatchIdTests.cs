using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Tests.Debtors;

public sealed class DispatchIdTests
{
    [Theory]
    [InlineData("d1", 1)]
    [InlineData("d1", 35)]
    [InlineData("d1", 36)]
    [InlineData("a.b.", 4_738_381_338_321_616_895)]
    public void An_id_is_its_debtors_and_leads_back_to_its_version(string debtor, long version)
    {
        Assert.True(DispatchId.Of(debtor, version).IsOf(debtor, out var known));
        Assert.Equal(version, known);
        Assert.False(DispatchId.Of(debtor, version).IsOf(debtor[..1] + "x", out _));
    }

    [Theory]
    [InlineData("d1", "")]
    [InlineData("d1", "d1")]
    [InlineData("d1", "d1.")]
    [InlineData("d1", "d1.0")]
    [InlineData("d1", "d1.01")]
    [InlineData("d1", "d1.A")]
    [InlineData("d1", "d1.1.2")]
    [InlineData("d1", "d1-1")]
    [InlineData("d1", "d2.1")]
    [InlineData("d1", "d1.1000000000000")]
    [InlineData("", ".1")]
    public void Other_words_are_no_id_of_the_debtor(string debtor, string word)
    {
        Assert.False(new DispatchId(word).IsOf(debtor, out _));
        Assert.False(new DispatchId(null!).IsOf(debtor, out _));
    }
}
