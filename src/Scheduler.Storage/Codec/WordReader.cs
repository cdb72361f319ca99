using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Scheduler.Domain.Debtors;

namespace Scheduler.Storage.Codec;

/// <summary>The words of one state being read; each becomes a string when it is first asked for, and is the same string afterwards.</summary>
internal readonly ref struct WordReader
{
    private readonly ReadOnlySpan<byte> _state;
    private readonly ulong[] _places;
    private readonly string?[] _words;
    private readonly int _count;

    /// <param name="state">Bytes of the state.</param>
    /// <param name="words">Its words.</param>
    public WordReader(ReadOnlySpan<byte> state, scoped WireElements words)
    {
        _state = state;
        _count = words.Left;
        _places = ArrayPool<ulong>.Shared.Rent(_count);
        _words = ArrayPool<string?>.Shared.Rent(_count);
        for (var i = 0; words.Next(); i++) _places[i] = words.Place;
    }

    /// <summary>A word that other debtors are likely to hold too.</summary>
    public string Word(uint index) => index == 0 ? "" : At(index) ??= SharedWords.Of(Bytes(index));

    /// <summary>A name that is this debtor's own.</summary>
    public string Name(uint index) => index == 0 ? "" : At(index) ??= Encoding.UTF8.GetString(Bytes(index));

    public PointId Point(uint index) => index == 0 ? default : new PointId(Name(index));

    public AccountId Account(uint index) => new(Name(index));

    public ImmutableArray<PointId> Points(scoped WireNumbers indexes)
    {
        if (indexes.Count == 0) return [];
        var points = new PointId[indexes.Count];
        for (var i = 0; i < points.Length; i++) points[i] = Point(indexes.Next());
        return ImmutableCollectionsMarshal.AsImmutableArray(points);
    }

    public ImmutableArray<AccountId> Accounts(scoped WireNumbers indexes)
    {
        if (indexes.Count == 0) return [];
        var accounts = new AccountId[indexes.Count];
        for (var i = 0; i < accounts.Length; i++) accounts[i] = Account(indexes.Next());
        return ImmutableCollectionsMarshal.AsImmutableArray(accounts);
    }

    public ImmutableArray<string> Words(scoped WireNumbers indexes)
    {
        if (indexes.Count == 0) return [];
        var words = new string[indexes.Count];
        for (var i = 0; i < words.Length; i++) words[i] = Word(indexes.Next());
        return ImmutableCollectionsMarshal.AsImmutableArray(words);
    }

    /// <summary>Lets go of the words, so that no pool holds on to a debtor's.</summary>
    public void Dispose()
    {
        ArrayPool<ulong>.Shared.Return(_places);
        _words.AsSpan(0, _count).Clear();
        ArrayPool<string?>.Shared.Return(_words);
    }

    private ref string? At(uint index)
    {
        if (index > (uint)_count) throw new UnreadableBytesException("A stored state names a word that it does not hold.");
        return ref _words[index - 1];
    }

    private ReadOnlySpan<byte> Bytes(uint index) => WireReader.Slice(_state, _places[index - 1]);
}
