using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Tests.Debtors;

public sealed class DigestsTests
{
    /// <summary>Digests are stored: another function would refuse entries sent again. The values come from a second writing of it, in another language.</summary>
    [Theory]
    [InlineData("close", "r-1", 0xfe19642a1a0e5436UL)]
    [InlineData("", "", 0xb9c480510d7aaaf6UL)]
    [InlineData("señal", "0123456789", 0x701e22b379b6ce7aUL)]
    public void The_digest_of_the_same_values_is_the_same_for_ever(string kind, string id, ulong expected) => Assert.Equal(expected, Digests.KeyOf(kind, id));

    [Fact]
    public void Texts_beside_each_other_do_not_run_together()
    {
        string[] texts = ["", "a", "ab", "abc", "abcd", "abcde", "\0", "\0\0\0\0", "abcd\0"];
        var digests = (from first in texts from second in texts select Digests.KeyOf(first, second)).ToList();
        Assert.Equal(digests.Count, digests.Distinct().Count());
    }
}
