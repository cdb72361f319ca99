using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Border;

namespace Scheduler.Protocol.Mapping;

/// <summary>Facts about contacts, and contacts that another system made.</summary>
public static class ContactMap
{
    public static ContactFacts Read(V1.ContactFacts? source, FieldViolations v)
    {
        if (source is null) return new ContactFacts { Placed = true };
        using var scope = v.In("facts");
        return new ContactFacts
        {
            Placed = source.Placed,
            AddressReached = source.HasAddressReached ? source.AddressReached : null,
            Delivered = source.HasDelivered ? source.Delivered : null,
            Perceived = source.HasPerceived ? source.Perceived : null,
            MessageLeft = source.HasMessageLeft ? source.MessageLeft : null,
            MessagePossible = source.HasMessagePossible ? source.MessagePossible : null,
            TwoWay = source.HasTwoWay ? source.TwoWay : null,
            SpokeWith = source.HasSpokeWith ? v.Known("spoke_with", source.SpokeWith, required: false).ToDomain() : PartyRole.Unknown,
            Abandoned = source.HasAbandoned ? source.Abandoned : null,
        };
    }

    public static V1.ContactFacts Write(ContactFacts source, ImmutableArray<AccountId> discussed)
    {
        var facts = new V1.ContactFacts { Placed = source.Placed };
        if (source.AddressReached is { } reached) facts.AddressReached = reached;
        if (source.Delivered is { } delivered) facts.Delivered = delivered;
        if (source.Perceived is { } perceived) facts.Perceived = perceived;
        if (source.MessageLeft is { } left) facts.MessageLeft = left;
        if (source.MessagePossible is { } possible) facts.MessagePossible = possible;
        if (source.TwoWay is { } twoWay) facts.TwoWay = twoWay;
        if (source.SpokeWith != PartyRole.Unknown) facts.SpokeWith = source.SpokeWith.ToProto();
        if (source.Abandoned is { } abandoned) facts.Abandoned = abandoned;
        foreach (var account in discussed) facts.DiscussedAccountIds.Add(account.Value);
        return facts;
    }

    public static ImmutableArray<AccountId> ReadDiscussed(V1.ContactFacts? source, FieldViolations v)
    {
        if (source is null) return [];
        using var scope = v.In("facts");
        return ReadAccounts("discussed_account_ids", source.DiscussedAccountIds, v);
    }

    public static ImmutableArray<AccountId> ReadAccounts(string field, IReadOnlyList<string> source, FieldViolations v)
    {
        if (source.Count == 0 || !v.AtMost(field, source.Count, DebtorLimits.Accounts)) return [];
        var accounts = ImmutableArray.CreateBuilder<AccountId>(source.Count);
        for (var i = 0; i < source.Count; i++) accounts.Add(new AccountId(v.Id(field, source[i], i)));
        return accounts.MoveToImmutable();
    }

    /// <summary>A point's id; default where none is known.</summary>
    public static PointId ReadPoint(string field, string source, FieldViolations v) =>
        source.Length == 0 ? default : new PointId(v.Id(field, source));

    /// <summary>A contact made elsewhere; the debtor's id is the caller's affair, since a signal names it once for all.</summary>
    public static ExternalContact Read(V1.ExternalContact source, FieldViolations v, Instant now)
    {
        var purpose = v.Known("purpose", source.Purpose, required: false).ToDomain();
        return new ExternalContact
        {
            Id = v.Id("external_contact_id", source.ExternalContactId),
            Accounts = ReadAccounts("account_ids", source.AccountIds, v),
            Discussed = ReadDiscussed(source.Facts, v),
            CreditorId = v.IdOrEmpty("creditor_id", source.CreditorId),
            Channel = v.Known("channel", source.Channel).ToDomain(),
            Point = ReadPoint("point_id", source.PointId, v),
            PlacedAt = v.Past("place_time", source.PlaceTime, now),
            IsInbound = source.Inbound,
            Purpose = purpose == ContactPurpose.Unknown ? ContactPurpose.Collection : purpose,

            // History is of contacts that were made; a sender that leaves the flag out must not make them count for nothing.
            Facts = Read(source.Facts, v) with { Placed = true },
            Source = v.Text("source_system", source.SourceSystem, BorderLimits.IdLength),
        };
    }
}
