using System.Text;

namespace Scheduler.Storage.Tests;

public sealed class Crc32CTests
{
    [Theory]
    [InlineData("", 0x00000000u)]
    [InlineData("a", 0xC1D04330u)]
    [InlineData("123456789", 0xE3069283u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x22620404u)]
    public void Known_answers(string text, uint expected)
    {
        Assert.Equal(expected, Crc32C.Compute(text));
        Assert.Equal(expected, Crc32C.Compute(Encoding.ASCII.GetBytes(text)));
    }

    [Fact]
    public void Thirty_two_zero_bytes_as_in_the_iSCSI_standard() => Assert.Equal(0x8A9136AAu, Crc32C.Compute(new byte[32]));

    [Fact]
    public void A_slice_never_changes()
    {
        Assert.Equal((int)(Crc32C.Compute("acme/debtor-1") % 1024), new DebtorKey("acme", "debtor-1").Slice);
        Assert.Equal(new DebtorKey("acme", "debtor-1").Slice, DebtorKey.Parse("acme/debtor-1").Slice);
    }

    [Fact]
    public void A_key_reads_back_from_its_text()
    {
        var key = DebtorKey.Parse("acme/debtor-1");

        Assert.Equal(new DebtorKey("acme", "debtor-1"), key);
        Assert.Equal(("acme", "debtor-1"), (key.Tenant, key.Debtor));
        Assert.Throws<FormatException>(() => DebtorKey.Parse("debtor-1"));
        Assert.Throws<FormatException>(() => DebtorKey.Parse("/debtor-1"));
    }
}
