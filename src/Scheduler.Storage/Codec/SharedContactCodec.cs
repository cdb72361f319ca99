using System.Collections.Immutable;
using Google.Protobuf;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Debtors;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Storage.Codec;

/// <summary>Contacts that debtors show to each other, to bytes and back. Bytes of several laid end to end read as all of them.</summary>
public static class SharedContactCodec
{
    public static byte[] Encode(ImmutableArray<SharedContact> contacts)
    {
        if (contacts.IsEmpty) return [];
        var message = new Stored.SharedContacts();
        foreach (var contact in contacts) message.Contacts.Add(Write(contact));
        return message.ToByteArray();
    }

    /// <param name="bytes">What <see cref="Encode"/> wrote.</param>
    /// <param name="isHousehold">They are shared by a household.</param>
    public static ImmutableArray<SharedContact> Decode(ReadOnlySpan<byte> bytes, bool isHousehold)
    {
        if (bytes.IsEmpty) return [];
        return [.. Stored.SharedContacts.Parser.ParseFrom(bytes).Contacts.Select(stored => Read(stored, isHousehold))];
    }

    private static Stored.SharedContact Write(SharedContact shared)
    {
        var contact = shared.Contact;
        var stored = new Stored.SharedContact
        {
            Id = contact.Id,
            Channel = (uint)contact.Channel,
            Place = (uint)contact.Place,
            Creditor = contact.CreditorId,
            Purpose = (uint)contact.Purpose,
            Inbound = contact.IsInbound,
            PlacedAt = Packed.Of(contact.PlacedAt),
            DeliveredAt = Packed.Of(contact.DeliveredAt),
            FirstDate = Packed.Of(contact.FirstDate),
            LastDate = Packed.Of(contact.LastDate),
            Facts = Packed.Of(contact.Facts),
            Standing = (uint)contact.Standing,
            NotCounted = !contact.IsCounted,
            Weight = (uint)shared.Weight,
        };
        stored.Debts.AddRange(shared.Debts);
        stored.DebtsDiscussed.AddRange(shared.DebtsDiscussed);
        return stored;
    }

    private static SharedContact Read(Stored.SharedContact stored, bool isHousehold) => new(
        new ContactRecord
        {
            Id = stored.Id,
            Channel = (ContactChannel)stored.Channel,
            Place = (PointPlace)stored.Place,
            CreditorId = stored.Creditor,
            Purpose = (ContactPurpose)stored.Purpose,
            IsInbound = stored.Inbound,
            PlacedAt = Packed.Required(stored.PlacedAt),
            DeliveredAt = Packed.Instant(stored.DeliveredAt),
            FirstDate = Packed.RequiredDate(stored.FirstDate),
            LastDate = Packed.RequiredDate(stored.LastDate),
            Facts = Packed.Facts(stored.Facts),
            Standing = (ContactStanding)stored.Standing,
            IsCounted = !stored.NotCounted,
        },
        [.. stored.Debts],
        [.. stored.DebtsDiscussed],
        isHousehold)
    {
        Weight = (int)Math.Max(stored.Weight, 1),
    };
}
