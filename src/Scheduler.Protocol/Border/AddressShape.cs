using System.Buffers;
using Scheduler.Domain.Debtors;

namespace Scheduler.Protocol.Border;

/// <summary>What an address of each kind must look like, and which channels that kind can carry.</summary>
public static class AddressShape
{
    private static readonly SearchValues<char> MailboxCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.!#$%&'*+/=?^_`{|}~-");

    private static readonly SearchValues<char> HostCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-");

    private static readonly ChannelSet MobileChannels = ChannelSet.Of(
        ContactChannel.Whatsapp, ContactChannel.Sms, ContactChannel.Call, ContactChannel.Ivr, ContactChannel.VoicemailDrop, ContactChannel.Rcs);

    private static readonly ChannelSet LandlineChannels =
        ChannelSet.Of(ContactChannel.Whatsapp, ContactChannel.Call, ContactChannel.Ivr, ContactChannel.VoicemailDrop);

    /// <summary>Null when it is right, else what is expected.</summary>
    public static string? Fault(PointKind kind, string address) => kind switch
    {
        PointKind.Mobile or PointKind.Landline or PointKind.Phone => IsPhone(address) ? null : "E.164: + and 8 to 15 digits",
        PointKind.Email => IsMailbox(address) ? null : "a mailbox: name@host.tld",
        _ => null,
    };

    /// <summary>Channels that a point of this kind can carry at all.</summary>
    public static ChannelSet Carries(PointKind kind) => kind switch
    {
        PointKind.Mobile or PointKind.Phone => MobileChannels,
        PointKind.Landline => LandlineChannels,
        PointKind.Email => ChannelSet.Of(ContactChannel.Email),
        PointKind.Device => ChannelSet.Of(ContactChannel.Push, ContactChannel.Inbox, ContactChannel.Chat),
        PointKind.Handle => ChannelSet.Of(ContactChannel.Social, ContactChannel.Chat, ContactChannel.Whatsapp, ContactChannel.Inbox),
        PointKind.Postal => ChannelSet.Of(ContactChannel.Letter, ContactChannel.Visit),
        _ => default,
    };

    /// <summary>E.164: a plus, no leading zero, 8 to 15 digits.</summary>
    public static bool IsPhone(string address) =>
        address.Length is >= 9 and <= 16 && address[0] == '+' && address[1] != '0'
        && !address.AsSpan(1).ContainsAnyExceptInRange('0', '9');

    /// <summary>The shape of a mailbox in ordinary use; quoted local parts and bare hosts are refused.</summary>
    public static bool IsMailbox(string address)
    {
        var at = address.LastIndexOf('@');
        if (at is < 1 or > 64 || address.Length > 254) return false;
        var name = address.AsSpan(0, at);
        var host = address.AsSpan(at + 1);
        return !name.ContainsAnyExcept(MailboxCharacters) && name[0] != '.' && name[^1] != '.' && name.IndexOf("..") < 0
            && host.Length >= 3 && host.Contains('.') && !host.ContainsAnyExcept(HostCharacters)
            && host[0] is not ('.' or '-') && host[^1] is not ('.' or '-') && host.IndexOf("..") < 0;
    }
}
