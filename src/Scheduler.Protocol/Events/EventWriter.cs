using System.Collections.Immutable;
using System.Numerics;
using Google.Protobuf.WellKnownTypes;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Mapping;
using Scheduler.Protocol.Wire;

namespace Scheduler.Protocol.Events;

/// <summary>
/// Writes one decision's events straight into protobuf's wire format, byte for byte as the message of <see cref="EventCodec.Write(DebtorEvent)"/> is
/// serialized: these bytes are hashed. A field that is added to a message is added to its map and here.
/// </summary>
/// <remarks>
/// Fields stand in the order of their numbers. What is personal goes to a message of its own in the same pass.
/// Threading: one writer a thread, used again from decision to decision.
/// </remarks>
internal sealed partial class EventWriter
{
    /// <summary>Fields of a map's entries.</summary>
    private const int PairKey = 1;
    private const int PairValue = 2;

    [ThreadStatic]
    private static EventWriter? _kept;

    private readonly WireWriter _wire = new();
    private readonly WireWriter _personal = new();

    /// <summary>Of the map that is being written.</summary>
    private readonly List<KeyValuePair<string, string>> _pairs = [];
    private bool _isSealed;

    /// <summary>Of the event that is being written, in its batch.</summary>
    private int _index;

    private EventWriter()
    {
    }

    /// <param name="batch">Events of one decision.</param>
    /// <param name="seal">Seals what is personal; null: addresses and variables are left out, and the rest stands in clear.</param>
    public static byte[] Write(EventBatch batch, Func<ReadOnlySpan<byte>, byte[]>? seal)
    {
        var writer = _kept ??= new EventWriter();
        try
        {
            writer.WriteEvents(batch, isSealed: seal is not null);
            if (seal is not null && !writer._personal.Written.IsEmpty) writer._wire.Bytes(V1.DebtorEventBatch.SealedFieldsFieldNumber, seal(writer._personal.Written));
            return writer._wire.Written.ToArray();
        }
        finally
        {
            writer.Clear();
        }
    }

    /// <inheritdoc cref="Write(EventBatch, Func{ReadOnlySpan{byte}, byte[]})"/>
    public static byte[] Write(EventBatch batch, IEventSeal seal)
    {
        var writer = _kept ??= new EventWriter();
        try
        {
            writer.WriteEvents(batch, isSealed: true);
            var plain = writer._personal.Written;
            if (!plain.IsEmpty) seal.SealEvents(plain, writer._wire.Bytes(V1.DebtorEventBatch.SealedFieldsFieldNumber, plain.Length + seal.Overhead));
            return writer._wire.Written.ToArray();
        }
        finally
        {
            writer.Clear();
        }
    }

    private void WriteEvents(EventBatch batch, bool isSealed)
    {
        _isSealed = isSealed;
        _wire.Number(V1.DebtorEventBatch.FirstSequenceFieldNumber, batch.FirstSequence);
        Time(V1.DebtorEventBatch.RecordTimeFieldNumber, batch.RecordedAt);
        for (_index = 0; _index < batch.Events.Length; _index++)
        {
            var start = _wire.Begin(V1.DebtorEventBatch.EventsFieldNumber);
            Time(V1.DebtorEvent.OccurTimeFieldNumber, batch.Events[_index].At);
            Write(batch.Events[_index]);
            _wire.End(start);
        }
    }

    private void Clear()
    {
        _wire.Clear(wipes: !_isSealed);
        _personal.Clear(wipes: true);
        _pairs.Clear();
    }

    /// <summary>Kinds of which a lifecycle has many come first.</summary>
    private void Write(DebtorEvent source)
    {
        switch (source)
        {
            case DebtorEvent.StepPassed e: Write(e); break;
            case DebtorEvent.Leased e: Write(e); break;
            case DebtorEvent.LeaseConfirmed e: Write(e); break;
            case DebtorEvent.ContactPlaced e: Write(e); break;
            case DebtorEvent.ContactNotPlaced e: Write(e); break;
            case DebtorEvent.ReceiptRecorded e: Write(e); break;
            case DebtorEvent.ContactSettled e: Write(e); break;
            case DebtorEvent.ConsentRecorded e: Write(e); break;
            case DebtorEvent.AccountEntered e: Write(e); break;
            case DebtorEvent.EntryApplied e: Write(e); break;
            case DebtorEvent.ProfileReplaced e: Write(e); break;
            case DebtorEvent.PointsReplaced e: Write(e); break;
            case DebtorEvent.ContactRefused e: Write(e); break;
            case DebtorEvent.LeaseDenied e: Write(e); break;
            case DebtorEvent.LeaseExtended e: Write(e); break;
            case DebtorEvent.LeaseReleased e: Write(e); break;
            case DebtorEvent.LeaseLapsed e: Write(e); break;
            case DebtorEvent.LeaseRevoked e: Write(e); break;
            case DebtorEvent.ContactSeeded e: Write(e); break;
            case DebtorEvent.InboundReceived e: Write(e); break;
            case DebtorEvent.PaymentRecorded e: Write(e); break;
            case DebtorEvent.PromiseChanged e: Write(e); break;
            case DebtorEvent.HoldPlaced e: Write(e); break;
            case DebtorEvent.HoldEnded e: Write(e); break;
            case DebtorEvent.PointChanged e: Write(e); break;
            case DebtorEvent.AccountClosed e: Write(e); break;
            case DebtorEvent.Noted e: Write(e); break;
            default: WriteRare(source); break;
        }
    }

    private void WriteRare(DebtorEvent source)
    {
        var message = EventCodec.Write(source);
        // It stands there already.
        message.OccurTime = null;
        _wire.Fields(message);
    }

    /// <summary>Begins the personal fields of the event that is being written.</summary>
    private int BeginPersonal()
    {
        var start = _personal.Begin(V1.PersonalFields.EventsFieldNumber);
        _personal.Number(V1.PersonalEventFields.EventIndexFieldNumber, _index);
        return start;
    }

    /// <summary>A map has each key once, where it came first, with the value that came last.</summary>
    private void WritePairs(int field)
    {
        for (var i = 0; i < _pairs.Count; i++)
        {
            var (key, value) = _pairs[i];
            var isFirst = true;
            for (var other = 0; other < _pairs.Count && isFirst; other++)
            {
                if (other == i || _pairs[other].Key != key) continue;
                isFirst = other > i;
                value = _pairs[other].Value;
            }

            if (!isFirst) continue;
            var start = _personal.Begin(field);
            _personal.Text(PairKey, key);
            _personal.Text(PairValue, value);
            _personal.End(start);
        }

        _pairs.Clear();
    }

    private void Time(int field, Instant at)
    {
        var start = _wire.Begin(field);
        var (seconds, nanos) = ScalarMap.Split(at);
        _wire.Number(Timestamp.SecondsFieldNumber, seconds);
        _wire.Number(Timestamp.NanosFieldNumber, nanos);
        _wire.End(start);
    }

    private void Time(int field, Instant? at)
    {
        if (at is { } known) Time(field, known);
    }

    private void Date(int field, LocalDate date)
    {
        var start = _wire.Begin(field);
        _wire.Number(Google.Type.Date.YearFieldNumber, date.Year);
        _wire.Number(Google.Type.Date.MonthFieldNumber, date.Month);
        _wire.Number(Google.Type.Date.DayFieldNumber, date.Day);
        _wire.End(start);
    }

    private void Date(int field, LocalDate? date)
    {
        if (date is { } known) Date(field, known);
    }

    private void Money(int field, Amount amount)
    {
        if (string.IsNullOrEmpty(amount.Currency)) return;
        var start = _wire.Begin(field);
        _wire.Text(Google.Type.Money.CurrencyCodeFieldNumber, amount.Currency);
        _wire.Number(Google.Type.Money.UnitsFieldNumber, amount.Units);
        _wire.Number(Google.Type.Money.NanosFieldNumber, amount.Nanos);
        _wire.End(start);
    }

    /// <summary>Written even where it is false: the field's presence says something.</summary>
    private void Fact(int field, bool? value)
    {
        if (value is { } known) _wire.Present(field, known ? 1 : 0);
    }

    private void Channels(int field, ChannelSet channels)
    {
        var left = (uint)(channels.Bits & ChannelSet.All.Bits);
        if (left == 0) return;
        var start = _wire.Begin(field);
        for (; left != 0; left &= left - 1) _wire.Packed((uint)((ContactChannel)BitOperations.TrailingZeroCount(left)).ToProto());
        _wire.End(start);
    }

    private void Accounts(int field, ImmutableArray<AccountId> accounts)
    {
        foreach (var account in accounts) _wire.Element(field, account.Value);
    }

    private void Texts(int field, ImmutableArray<string> texts)
    {
        foreach (var text in texts) _wire.Element(field, text);
    }
}
