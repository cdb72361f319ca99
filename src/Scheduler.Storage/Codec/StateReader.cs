using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Scheduler.Domain.Debtors;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Storage.Codec;

/// <summary>Reads one state straight from protobuf's wire format; the mirror image of <see cref="StateWriter"/>.</summary>
/// <remarks>
/// Fields are asked for in the writer's order. A state in which one message has another order, or a field of a newer release, is read a second time
/// with the fields of each message laid out: slower, and right for whatever protobuf allows.
/// </remarks>
internal ref partial struct StateReader
{
    private readonly Domain.Debtors.DebtorKey _key;
    private readonly WordReader _words;
    private readonly bool _laysOut;
    private PersonalReader _personal;
    private bool _isSpent = true;

    private StateReader(Domain.Debtors.DebtorKey key, WordReader words, PersonalReader personal, bool laysOut)
    {
        _key = key;
        _words = words;
        _personal = personal;
        _laysOut = laysOut;
    }

    /// <summary>Makes of one message what it says.</summary>
    private delegate T Reading<out T>(ref StateReader reader, scoped ref WireFields message);

    /// <param name="key">Whose state it is.</param>
    /// <param name="outline">Of the state's bytes.</param>
    /// <param name="personal">Its personal fields.</param>
    public static DebtorState Read(DebtorKey key, StateOutline outline, PersonalReader personal) =>
        TryRead(key, outline, personal, laysOut: false) ?? TryRead(key, outline, personal, laysOut: true)
        ?? throw new UnreadableBytesException("A stored state holds more personal fields than there is to bear them.");

    /// <summary>Null where something was left over.</summary>
    internal static DebtorState? TryRead(DebtorKey key, StateOutline outline, PersonalReader personal, bool laysOut)
    {
        using var words = new WordReader(outline.Bytes, outline.Words);
        var reader = new StateReader(new Domain.Debtors.DebtorKey(key.Tenant, key.Debtor), words, personal, laysOut);
        var state = reader.ReadMessage(outline.Bytes, ReadState);
        return reader._isSpent && reader._personal.IsSpent ? state : null;
    }

    private static DebtorState ReadState(ref StateReader reader, scoped ref WireFields state)
    {
        var read = new DebtorState
        {
            Key = reader._key,
            Points = reader.ReadAll(ref state, Stored.DebtorState.PointsFieldNumber, ReadPoint),
            Profile = reader.ReadOne(ref state, Stored.DebtorState.ProfileFieldNumber, ReadProfile) ?? DebtorProfile.Empty,
            Consents = reader.ReadAll(ref state, Stored.DebtorState.ConsentsFieldNumber, ReadConsent),
            Accounts = reader.ReadAll(ref state, Stored.DebtorState.AccountsFieldNumber, ReadAccount),
            Holds = reader.ReadAll(ref state, Stored.DebtorState.HoldsFieldNumber, ReadHold),
            Promises = reader.ReadAll(ref state, Stored.DebtorState.PromisesFieldNumber, ReadPromise),
            SourceVersion = state.Long(Stored.DebtorState.SourceVersionFieldNumber),
            Contacts = reader.ReadAll(ref state, Stored.DebtorState.ContactsFieldNumber, ReadContact),
            Plans = reader.ReadAll(ref state, Stored.DebtorState.PlansFieldNumber, ReadPlan),
            Lease = reader.ReadOne(ref state, Stored.DebtorState.LeaseFieldNumber, ReadLease),
            Wake = reader.ReadOne(ref state, Stored.DebtorState.WakeFieldNumber, ReadWake) ?? Wake.None,
            Applied = reader.ReadAll(ref state, Stored.DebtorState.AppliedFieldNumber, ReadApplied),
            Phase = (DebtorPhase)state.Byte(Stored.DebtorState.PhaseFieldNumber),
            ChainHead = [.. state.Bytes(Stored.DebtorState.ChainHeadFieldNumber)],
            EventCount = state.Long(Stored.DebtorState.EventCountFieldNumber),
            Callback = reader.ReadOne(ref state, Stored.DebtorState.CallbackFieldNumber, ReadCallback),
            SharedScopes = reader.ReadAll(ref state, Stored.DebtorState.SharedScopesFieldNumber, ReadScope),
            Merge = reader.ReadOne(ref state, Stored.DebtorState.MergeFieldNumber, ReadMerge),
            Merged = reader.ReadAll(ref state, Stored.DebtorState.MergedFieldNumber, ReadMerged),
            Split = reader.ReadOne(ref state, Stored.DebtorState.SplitFieldNumber, ReadSplit),
            FormerDebts = reader.ReadAll(ref state, Stored.DebtorState.FormerDebtsFieldNumber, ReadFormerDebt),
            Parts = reader.ReadAll(ref state, Stored.DebtorState.PartsFieldNumber, ReadPart),
            GapsCounted = state.Long(Stored.DebtorState.GapsCountedFieldNumber),
            Quarantine = reader.ReadOne(ref state, Stored.DebtorState.QuarantineFieldNumber, ReadQuarantine),
            SourceDigest = reader._personal.SourceDigest(ref state),
        };
        // What the outline told of is passed, so that a state without anything else is spent.
        state.Bytes(Stored.DebtorState.WrappedKeyFieldNumber);
        state.Bytes(Stored.DebtorState.SealedFieldNumber);
        state.Elements(Stored.DebtorState.WordsFieldNumber);
        return read;
    }

    private T ReadMessage<T>(ReadOnlySpan<byte> bytes, Reading<T> read)
    {
        var message = new WireFields(bytes, _laysOut);
        var one = read(ref this, ref message);
        _isSpent &= message.IsSpent;
        return one;
    }

    /// <summary>Null where the message is absent.</summary>
    private T? ReadOne<T>(scoped ref WireFields of, int field, Reading<T> read)
        where T : class => of.Has(field) ? ReadMessage(of.Bytes(field), read) : null;

    private ImmutableArray<T> ReadAll<T>(scoped ref WireFields of, int field, Reading<T> read)
    {
        if (!of.Has(field)) return [];
        var elements = of.Elements(field);
        var all = new T[elements.Left];
        for (var i = 0; elements.Next(); i++) all[i] = ReadMessage(elements.Bytes, read);
        return ImmutableCollectionsMarshal.AsImmutableArray(all);
    }

    private readonly string Word(scoped ref WireFields of, int field) => _words.Word(of.Uint(field));

    private readonly string Name(scoped ref WireFields of, int field) => _words.Name(of.Uint(field));

    private readonly PointId Point(scoped ref WireFields of, int field) => _words.Point(of.Uint(field));

    private readonly AccountId Account(scoped ref WireFields of, int field) => _words.Account(of.Uint(field));

    private readonly ImmutableArray<AccountId> Accounts(scoped ref WireFields of, int field) => of.Has(field) ? _words.Accounts(of.Numbers(field)) : [];

    private readonly ImmutableArray<PointId> Points(scoped ref WireFields of, int field) => of.Has(field) ? _words.Points(of.Numbers(field)) : [];

    private readonly ImmutableArray<string> Words(scoped ref WireFields of, int field) => of.Has(field) ? _words.Words(of.Numbers(field)) : [];

    private Amount Amount(scoped ref WireFields of, int field) => of.Has(field) ? ReadMessage(of.Bytes(field), ReadAmount) : default;

    private static Amount ReadAmount(ref StateReader reader, scoped ref WireFields amount) => new(
        reader.Word(ref amount, Stored.Amount.CurrencyFieldNumber), amount.Signed(Stored.Amount.UnitsFieldNumber), amount.SignedInt(Stored.Amount.NanosFieldNumber));
}
