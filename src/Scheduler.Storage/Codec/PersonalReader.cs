using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Storage.Codec;

/// <summary>
/// The personal fields of a state, which <see cref="StateWriter"/> writes into a message of their own. They are asked for in the order of what they
/// belong to, each kind by itself.
/// </summary>
internal ref struct PersonalReader
{
    private enum Kind
    {
        InClear,
        Opened,
        Closed,
    }

    private readonly Kind _kind;
    private readonly ulong _sourceDigest;
    private WireElements _addresses;
    private WireElements _postalCodes;
    private WireElements _evidenceRefs;
    private WireElements _variables;

    private PersonalReader(Kind kind) => _kind = kind;

    private PersonalReader(scoped ref WireFields personal)
    {
        _kind = Kind.Opened;
        _addresses = personal.Elements(Stored.PersonalFields.AddressesFieldNumber);
        _postalCodes = personal.Elements(Stored.PersonalFields.PostalCodesFieldNumber);
        _evidenceRefs = personal.Elements(Stored.PersonalFields.EvidenceRefsFieldNumber);
        _variables = personal.Elements(Stored.PersonalFields.VariablesFieldNumber);
        _sourceDigest = personal.Fixed64(Stored.PersonalFields.SourceDigestFieldNumber);
    }

    /// <summary>Of a row that was written before sealing, and of a tombstone: what there is stands among the other fields.</summary>
    public static PersonalReader InClear => default;

    /// <summary>Of a row whose seal stays closed: all of them are blank.</summary>
    public static PersonalReader Closed => new(Kind.Closed);

    /// <summary>Each belongs to something.</summary>
    public readonly bool IsSpent => (_addresses.Left | _postalCodes.Left | _evidenceRefs.Left | _variables.Left) == 0;

    /// <param name="plain">What was sealed.</param>
    public static PersonalReader Opened(ReadOnlySpan<byte> plain)
    {
        var fields = new WireFields(plain, isLaidOut: false);
        var personal = new PersonalReader(ref fields);
        if (fields.IsSpent) return personal;
        fields = new WireFields(plain, isLaidOut: true);
        return new PersonalReader(ref fields);
    }

    public readonly ulong SourceDigest(scoped ref WireFields state)
    {
        var inClear = state.Fixed64(Stored.DebtorState.SourceDigestFieldNumber);
        return _kind == Kind.InClear ? inClear : _sourceDigest;
    }

    public string Address(scoped ref WireFields point) => Text(ref _addresses, ref point, Stored.ContactPoint.AddressFieldNumber);

    public string PostalCode(scoped ref WireFields location) => Text(ref _postalCodes, ref location, Stored.Location.PostalCodeFieldNumber);

    public string EvidenceRef(scoped ref WireFields consent) => Text(ref _evidenceRefs, ref consent, Stored.ConsentFact.EvidenceRefFieldNumber);

    public ImmutableArray<KeyValuePair<string, string>> Variables(scoped ref WireFields account)
    {
        var inClear = account.Elements(Stored.Account.VariablesFieldNumber);
        if (_kind == Kind.InClear) return Pairs(inClear);
        if (!_variables.Next()) return [];
        var variables = new WireFields(_variables.Bytes, isLaidOut: false);
        var pairs = variables.Elements(Stored.TemplateVariables.PairsFieldNumber);
        if (variables.IsSpent) return Pairs(pairs);
        variables = new WireFields(_variables.Bytes, isLaidOut: true);
        return Pairs(variables.Elements(Stored.TemplateVariables.PairsFieldNumber));
    }

    /// <summary>What stands in clear is passed in any case: a message is to be spent.</summary>
    private readonly string Text(scoped ref WireElements elements, scoped ref WireFields owner, int field)
    {
        var inClear = owner.Bytes(field);
        if (_kind == Kind.InClear) return Encoding.UTF8.GetString(inClear);
        return elements.Next() ? elements.Text : "";
    }

    /// <summary>Key and value in turns.</summary>
    private static ImmutableArray<KeyValuePair<string, string>> Pairs(WireElements texts)
    {
        if (texts.Left < 2) return [];
        var pairs = new KeyValuePair<string, string>[texts.Left / 2];
        for (var i = 0; i < pairs.Length; i++)
        {
            texts.Next();
            var key = texts.Text;
            texts.Next();
            pairs[i] = new(key, texts.Text);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(pairs);
    }
}
