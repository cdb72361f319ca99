using System.Collections.Immutable;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Wire;
using Scheduler.Storage.Sealing;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Storage.Codec;

/// <summary>Writes one state, straight into protobuf's wire format: a tree of messages took most of the time of a write.</summary>
/// <remarks>
/// Personal fields go to a message of their own in the same pass, in the order of its fields, so that points come before the profile.
/// Threading: one writer a thread, used again from state to state.
/// </remarks>
internal sealed partial class StateWriter
{
    [ThreadStatic]
    private static StateWriter? _kept;

    private readonly WireWriter _wire = new();
    private readonly WireWriter _personal = new();
    private readonly WordWriter _words = new();
    private bool _isSealed;
    private string _debtor = "";

    private StateWriter()
    {
    }

    /// <param name="state">State to write.</param>
    /// <param name="seal">Seals the personal fields; null: they stand among the others.</param>
    public static byte[] Write(DebtorState state, DebtorSeal? seal)
    {
        var writer = _kept ??= new StateWriter();
        try
        {
            return writer.WriteWhole(state, seal);
        }
        finally
        {
            writer.Clear();
        }
    }

    private byte[] WriteWhole(DebtorState state, DebtorSeal? seal)
    {
        _isSealed = seal is not null;
        _debtor = state.Key.Debtor;
        WritePerson(state);
        WriteHistory(state);
        if (seal is null)
        {
            _wire.Fixed(Stored.DebtorState.SourceDigestFieldNumber, state.SourceDigest);
        }
        else
        {
            _personal.Fixed(Stored.PersonalFields.SourceDigestFieldNumber, state.SourceDigest);
            _wire.Bytes(Stored.DebtorState.WrappedKeyFieldNumber, seal.Wrapped.Span);
            var plain = _personal.Written;
            seal.SealState(plain, _wire.Bytes(Stored.DebtorState.SealedFieldNumber, plain.Length + seal.Overhead));
        }

        foreach (var word in _words.Words) _wire.Element(Stored.DebtorState.WordsFieldNumber, word);
        return _wire.Written.ToArray();
    }

    private void WritePerson(DebtorState state)
    {
        foreach (var point in state.Points) Write(point);
        if (state.Profile != DebtorProfile.Empty) Write(state.Profile);
        foreach (var consent in state.Consents) Write(consent);
        foreach (var account in state.Accounts) Write(account);
        foreach (var hold in state.Holds) Write(hold);
        foreach (var promise in state.Promises) Write(promise);
    }

    private void WriteHistory(DebtorState state)
    {
        _wire.Number(Stored.DebtorState.SourceVersionFieldNumber, state.SourceVersion);
        foreach (var contact in state.Contacts) Write(contact);
        foreach (var plan in state.Plans) Write(plan);
        if (state.Lease is { } lease) Write(lease);
        Write(state.Wake);
        foreach (var request in state.Applied) Write(request);
        _wire.Number(Stored.DebtorState.PhaseFieldNumber, (uint)state.Phase);
        if (!state.ChainHead.IsDefaultOrEmpty) _wire.Bytes(Stored.DebtorState.ChainHeadFieldNumber, state.ChainHead.AsSpan());
        _wire.Number(Stored.DebtorState.EventCountFieldNumber, state.EventCount);
        if (state.Callback is { } callback) Write(callback);
        foreach (var scope in state.SharedScopes) Write(scope);
        if (state.Merge is { } merge) Write(merge);
        foreach (var merged in state.Merged) Write(merged);
        if (state.Split is { } split) Write(split);
        foreach (var former in state.FormerDebts) Write(former);
        foreach (var part in state.Parts) Write(part);
        _wire.Number(Stored.DebtorState.GapsCountedFieldNumber, state.GapsCounted);
        if (state.Quarantine is { } aside) Write(aside);
    }

    private void Clear()
    {
        // In clear, personal fields stand in the other buffer.
        _wire.Clear(wipes: !_isSealed);
        _personal.Clear(wipes: true);
        _words.Clear();
        _debtor = "";
    }

    private void Word(int field, string? word) => _wire.Number(field, _words.Of(word));

    private void Accounts(int field, ImmutableArray<AccountId> accounts)
    {
        if (accounts.IsEmpty) return;
        var start = _wire.Begin(field);
        foreach (var account in accounts) _wire.Packed(_words.Of(account.Value));
        _wire.End(start);
    }

    private void Points(int field, ImmutableArray<PointId> points)
    {
        if (points.IsEmpty) return;
        var start = _wire.Begin(field);
        foreach (var point in points) _wire.Packed(_words.Of(point.Value));
        _wire.End(start);
    }

    private void Words(int field, ImmutableArray<string> words)
    {
        if (words.IsEmpty) return;
        var start = _wire.Begin(field);
        foreach (var word in words) _wire.Packed(_words.Of(word));
        _wire.End(start);
    }

    private void Write(int field, Amount amount)
    {
        if (amount == default) return;
        var start = _wire.Begin(field);
        Word(Stored.Amount.CurrencyFieldNumber, amount.Currency);
        _wire.Signed(Stored.Amount.UnitsFieldNumber, amount.Units);
        _wire.Signed(Stored.Amount.NanosFieldNumber, amount.Nanos);
        _wire.End(start);
    }
}
