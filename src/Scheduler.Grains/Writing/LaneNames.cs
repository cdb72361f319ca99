using System.Collections.Frozen;
using Scheduler.Domain.Debtors;
using Scheduler.Storage;

namespace Scheduler.Grains.Writing;

/// <summary>Lanes by their words: channel names in the catalogue are lower case.</summary>
internal static class LaneNames
{
    /// <summary>The lane of wakes that need no gateway: leases that lapse, contacts that settle, promises that break.</summary>
    public const string Upkeep = "unknown";

    private static readonly FrozenDictionary<string, ContactChannel> Names =
        Enum.GetValues<ContactChannel>().ToFrozenDictionary(NameOf, static channel => channel, StringComparer.Ordinal);

    public static LaneKey Of(string tenant, Wake wake) => new(tenant, NameOf(wake.Channel), wake.Channel == ContactChannel.Unknown ? Wake.LowestBand : wake.Band);

    public static LaneKey Of(string tenant, ContactChannel channel, int priority) => new(tenant, NameOf(channel), Wake.BandOf(priority));

    /// <summary>A name that this release does not know is treated as upkeep: woken, whatever it is.</summary>
    public static ContactChannel ChannelOf(string name) => Names.GetValueOrDefault(name, ContactChannel.Unknown);

    public static string NameOf(ContactChannel channel) => channel switch
    {
        ContactChannel.Unknown => Upkeep,
        ContactChannel.Whatsapp => "whatsapp",
        ContactChannel.Sms => "sms",
        ContactChannel.Call => "call",
        ContactChannel.Ivr => "ivr",
        ContactChannel.VoicemailDrop => "voicemail_drop",
        ContactChannel.Email => "email",
        ContactChannel.Push => "push",
        ContactChannel.Inbox => "inbox",
        ContactChannel.Chat => "chat",
        ContactChannel.Social => "social",
        ContactChannel.Rcs => "rcs",
        ContactChannel.Letter => "letter",
        ContactChannel.Visit => "visit",
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "Not a channel."),
    };
}
