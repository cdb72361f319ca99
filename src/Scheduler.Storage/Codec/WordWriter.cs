using System.Numerics;
using System.Runtime.InteropServices;

namespace Scheduler.Storage.Codec;

/// <summary>The words of one state being written: each stands once and is named by its index plus one.</summary>
/// <remarks>
/// Threading: owned by one thread. A table of its own, used again from state to state, costs less than a dictionary: a state looks up hundreds of
/// words and holds tens. Words that were made to collide cost a comparison each, and a state's limits bound them.
/// </remarks>
internal sealed class WordWriter
{
    /// <summary>Of two: twice the words of most states. A table that has grown past <see cref="KeptSlots"/> is not kept.</summary>
    private const int FirstSlots = 128;
    private const int KeptSlots = 2_048;

    /// <summary>Each holds a word's index plus one; 0 is free.</summary>
    private int[] _slots = new int[FirstSlots];
    private string[] _words = new string[FirstSlots / 2];
    private uint[] _hashes = new uint[FirstSlots / 2];
    private int _count;

    public ReadOnlySpan<string> Words => _words.AsSpan(0, _count);

    public uint Of(string? word)
    {
        if (string.IsNullOrEmpty(word)) return 0;
        var hash = Hash(word);
        var slot = hash & (uint)(_slots.Length - 1);
        while (_slots[slot] is var named and not 0)
        {
            if (_hashes[named - 1] == hash && _words[named - 1] == word) return (uint)named;
            slot = (slot + 1) & (uint)(_slots.Length - 1);
        }

        if (_count == _words.Length)
        {
            Grow();
            return Of(word);
        }

        _words[_count] = word;
        _hashes[_count] = hash;
        _slots[slot] = ++_count;
        return (uint)_count;
    }

    public void Clear()
    {
        // Words are let go, so that the table holds on to no debtor's.
        if (_slots.Length > KeptSlots)
        {
            (_slots, _words, _hashes) = (new int[FirstSlots], new string[FirstSlots / 2], new uint[FirstSlots / 2]);
        }
        else
        {
            Array.Clear(_slots);
            Array.Clear(_words, 0, _count);
        }

        _count = 0;
    }

    private void Grow()
    {
        Array.Resize(ref _words, _words.Length * 2);
        Array.Resize(ref _hashes, _hashes.Length * 2);
        _slots = new int[_slots.Length * 2];
        for (var i = 0; i < _count; i++)
        {
            var slot = _hashes[i] & (uint)(_slots.Length - 1);
            while (_slots[slot] != 0) slot = (slot + 1) & (uint)(_slots.Length - 1);
            _slots[slot] = i + 1;
        }
    }

    private static uint Hash(string word)
    {
        var hash = (uint)word.Length;
        var wide = MemoryMarshal.Cast<char, ulong>(word.AsSpan());
        foreach (var four in wide) hash = BitOperations.Crc32C(hash, four);
        foreach (var one in word.AsSpan(wide.Length * (sizeof(ulong) / sizeof(char)))) hash = BitOperations.Crc32C(hash, one);
        return hash;
    }
}
