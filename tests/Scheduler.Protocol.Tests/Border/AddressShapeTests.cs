using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Tests.Border;

public sealed class AddressShapeTests
{
    [Theory]
    [InlineData("+12125550123", true)]
    [InlineData("+5730012345", true)]
    [InlineData("+12345678", true)]
    [InlineData("+123456789012345", true)]
    [InlineData("+1234567", false)]
    [InlineData("+1234567890123456", false)]
    [InlineData("+02125550123", false)]
    [InlineData("12125550123", false)]
    [InlineData("+1212555012a", false)]
    [InlineData("+1 212 555 0123", false)]
    [InlineData("", false)]
    public void Phones_are_E164(string address, bool isPhone) => Assert.Equal(isPhone, AddressShape.IsPhone(address));

    [Theory]
    [InlineData("ana@example.com", true)]
    [InlineData("ana.maria+tag@mail.example.co", true)]
    [InlineData("ana@localhost", false)]
    [InlineData("@example.com", false)]
    [InlineData("ana@", false)]
    [InlineData("ana@@example.com", false)]
    [InlineData(".ana@example.com", false)]
    [InlineData("ana..maria@example.com", false)]
    [InlineData("ana@example..com", false)]
    [InlineData("ana@-example.com", false)]
    [InlineData("ana maria@example.com", false)]
    public void Mailboxes_have_a_name_and_a_host(string address, bool isMailbox) => Assert.Equal(isMailbox, AddressShape.IsMailbox(address));

    [Theory]
    [InlineData(PointKind.Mobile, "+573001234567", "***567")]
    [InlineData(PointKind.Email, "ana@example.com", "***@example.com")]
    [InlineData(PointKind.Device, "abc", "***")]
    public void Addresses_are_masked_to_their_end(PointKind kind, string address, string masked) => Assert.Equal(masked, PointMap.Mask(kind, address));

    [Fact]
    public void Every_kind_carries_a_channel_and_every_channel_has_a_kind()
    {
        var carried = default(ChannelSet);
        foreach (var kind in Enum.GetValues<PointKind>().Where(static k => k != PointKind.Unknown))
        {
            Assert.False(AddressShape.Carries(kind).IsEmpty);
            carried = carried.Union(AddressShape.Carries(kind));
        }

        Assert.Equal(ChannelSet.All, carried);
    }
}
