using System.Collections.Immutable;
using Google.Protobuf.Collections;
using Scheduler.Domain.Debtors;

namespace Scheduler.Storage.Codec;

/// <summary>The words of one state being written: each stands once and is named by its index plus one.</summary>
internal sealed class WordWriter(RepeatedField<string> words)
{
    /// <summary>As many as a state usually holds, so that the table does not grow while it is filled.</summary>
    private const int UsualWords = 40;

    private readonly Dictionary<string, uint> _indexes = new(UsualWords, StringComparer.Ordinal);

    public uint Of(string? word)
    {
        if (string.IsNullOrEmpty(word)) return 0;
        if (_indexes.TryGetValue(word, out var index)) return index;
        words.Add(word);
        index = (uint)words.Count;
        _indexes.Add(word, index);
        return index;
    }

    public void AddAll(ImmutableArray<AccountId> from, RepeatedField<uint> to)
    {
        foreach (var id in from) to.Add(Of(id.Value));
    }

    public void AddAll(ImmutableArray<string> from, RepeatedField<uint> to)
    {
        foreach (var word in from) to.Add(Of(word));
    }
}

/// <summary>The words of one state being read.</summary>
internal readonly struct WordReader(RepeatedField<string> words)
{
    public string this[uint index] => index == 0 ? "" : words[(int)(index - 1)];

    public PointId Point(uint index) => index == 0 ? default : new PointId(this[index]);

    public ImmutableArray<AccountId> Accounts(RepeatedField<uint> indexes)
    {
        if (indexes.Count == 0) return [];
        var accounts = ImmutableArray.CreateBuilder<AccountId>(indexes.Count);
        foreach (var index in indexes) accounts.Add(new AccountId(this[index]));
        return accounts.MoveToImmutable();
    }

    public ImmutableArray<string> All(RepeatedField<uint> indexes)
    {
        if (indexes.Count == 0) return [];
        var all = ImmutableArray.CreateBuilder<string>(indexes.Count);
        foreach (var index in indexes) all.Add(this[index]);
        return all.MoveToImmutable();
    }
}
