using Scheduler.Embedded.Orleans.Tests;
using Scheduler.Grains.Debtors;

namespace Scheduler.Grains.Tests;

public sealed class GrainMessageTests
{
    [Fact]
    public void Every_grain_message_has_a_codec_between_two_silos() =>
        Assert.Empty(GrainMessageAllowList.Violations(typeof(IDebtorGrain).Assembly));
}
