using System.Collections.Immutable;
using System.Security.Cryptography;
using Google.Protobuf;
using NodaTime;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Mapping;
using Scheduler.V1;

namespace Scheduler.Services.Stops;

/// <summary>
/// What ends contact, said of one debtor at a point: what the point's address learns of it, and what the other debtors that list the address
/// are told. They hear the refusal alone; that somebody wrote or was spoken to, and about which debts, is the one debtor's.
/// </summary>
/// <param name="Points">Points that it names; it may be about the point of a dispatch instead.</param>
/// <param name="Address">Address that it names itself; empty where it names none.</param>
public sealed record Stop(ImmutableArray<string> Points, string Address, AddressLesson Lesson, Signal Said)
{
    private const int DigestLength = 16;

    /// <summary>Null: the signal ends nothing, or what it says holds for its debtor whoever answers there (a wrong person, a permission).</summary>
    public static Stop? Of(Signal signal, SignalCommand command, Instant now)
    {
        var learned = AddressLesson.Of(command, now).Learned.RemoveAll(static fact => fact.Kind is not (AddressFactKind.Stopped or AddressFactKind.Reassigned));
        if (learned.IsEmpty) return null;
        var points = command.Fact switch
        {
            SignalFact.Inbound { Point.Value.Length: > 0 } inbound => [inbound.Point.Value],
            SignalFact.PointChanged { Point.Value.Length: > 0 } changed => [changed.Point.Value],
            SignalFact.ConsentSaid(var consent) => [.. consent.Points.Select(static point => point.Value)],
            _ => ImmutableArray<string>.Empty,
        };
        return new Stop(points, command.Address, new AddressLesson(learned, []), Refusal(signal));
    }

    /// <summary>Null: the receipt says nothing of what the person wants.</summary>
    /// <param name="channel">That the contact was made by.</param>
    public static Stop? Of(Receipt receipt, string dispatch, Domain.Debtors.ContactChannel channel, Instant now)
    {
        if (!Ends(receipt)) return null;
        var at = Instant.Min(ScalarMap.ToInstant(receipt.OccurTime), now);
        var said = new Signal { SignalId = $"receipt:{dispatch}", OccurTime = receipt.OccurTime, Channel = channel.ToProto() };
        said.Consent = Withdrawal(said, "receipt");
        return new Stop([], "", new AddressLesson([new AddressFact(AddressFactKind.Stopped, channel, at)], []), said);
    }

    public static bool Ends(Receipt receipt) => receipt.Kind is V1.ReceiptKind.Complaint or V1.ReceiptKind.Unsubscribed;

    /// <summary>As the debtors that list the address are told: under an id that only this content has, so that it is never taken for another signal.</summary>
    public Signal At(string address)
    {
        var told = Said.Clone();
        told.Address = address;
        var digest = Convert.ToHexStringLower(SHA256.HashData(told.ToByteArray()))[..DigestLength];
        told.SignalId = $"{told.SignalId}~{digest}";
        if (told.Consent is { } consent) consent.ConsentId = told.SignalId;
        if (told.HoldPlaced is { } hold) hold.HoldId = told.SignalId;
        return told;
    }

    private static Signal Refusal(Signal signal)
    {
        var said = new Signal { SignalId = signal.SignalId, OccurTime = signal.OccurTime, Channel = signal.Channel, SourceSystem = signal.SourceSystem };
        switch (signal.FactCase)
        {
            case Signal.FactOneofCase.Inbound when signal.Inbound.Intent == V1.InboundIntent.Stop:
                said.Consent = Withdrawal(signal, "inbound");
                break;
            case Signal.FactOneofCase.Inbound:
                said.HoldPlaced = new V1.Hold { Kind = V1.HoldKind.Cease, StartTime = signal.OccurTime, Method = "inbound" };
                break;
            case Signal.FactOneofCase.Consent:
                said.Consent = signal.Consent.Clone();
                break;
            case Signal.FactOneofCase.HoldPlaced:
                said.HoldPlaced = signal.HoldPlaced.Clone();
                break;
            case Signal.FactOneofCase.PointChange:
                said.PointChange = new PointChange { Status = signal.PointChange.Status };
                break;
        }

        return said;
    }

    private static V1.ConsentFact Withdrawal(Signal signal, string method)
    {
        var withdrawal = new V1.ConsentFact
        {
            Kind = V1.ConsentKind.Withdrawn,
            GivenTime = signal.OccurTime,
            Method = method,
            Instrument = V1.ConsentInstrument.Message,
        };
        if (signal.Channel != V1.ContactChannel.Unspecified) withdrawal.Channels.Add(signal.Channel);
        return withdrawal;
    }
}
