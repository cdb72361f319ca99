using System.Collections.Immutable;
using System.Numerics;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Caps;

/// <summary>
/// Which counters count a contact, as bits: one table for each thing that a counter asks of a contact, so that a contact is looked at
/// once for all counters of a place. Immutable.
/// </summary>
internal sealed class CounterMasks
{
    private const int Codes = 32;
    private const int Facts = 512;

    private readonly ulong[] _channels;
    private readonly ulong[] _purposes;
    private readonly ulong[] _places;
    private readonly ulong[] _facts;
    private readonly ulong[] _uncounted;

    public CounterMasks(List<Rule.Counter> counters)
    {
        Words = Math.Max(1, (counters.Count + 63) / 64);
        _channels = Table(counters, Codes, static (counts, code) => counts.Channels.Contains((ContactChannel)code) || code == (int)ContactChannel.Unknown);
        _purposes = Table(counters, Codes, static (counts, code) => counts.Purposes.Contains(code) || code == (int)ContactPurpose.Unknown);
        _places = Table(counters, Codes, static (counts, code) => counts.Places.Contains(code) || code == (int)PointPlace.Unknown);
        _facts = Table(counters, Facts, static (counts, facts) => counts.Facts.Matches((CountedFacts)facts));
        _uncounted = Table(counters, 1, static (counts, _) => counts.Facts.IsConversation);
    }

    /// <summary>Words of 64 bits that one contact takes.</summary>
    public int Words { get; }

    /// <summary>The same answers as <see cref="CountFilter.Matches"/> of each counter.</summary>
    public void Of(ContactRecord contact, Span<ulong> bits)
    {
        var (channel, purpose, place, facts) = ((int)contact.Channel * Words, (int)contact.Purpose * Words, (int)contact.Place * Words, (int)contact.Effective() * Words);
        for (var word = 0; word < Words; word++)
        {
            var counted = _channels[channel + word] & _purposes[purpose + word] & _places[place + word] & _facts[facts + word];
            bits[word] = contact.IsCounted ? counted : counted & _uncounted[word];
        }
    }

    private ulong[] Table(List<Rule.Counter> counters, int codes, Func<CountFilter, int, bool> counts)
    {
        var table = new ulong[codes * Words];
        for (var code = 0; code < codes; code++)
        {
            for (var index = 0; index < counters.Count; index++)
            {
                if (counts(counters[index].Counts, code)) table[(code * Words) + (index >> 6)] |= 1UL << (index & 63);
            }
        }

        return table;
    }
}

/// <summary>A list of contacts as the counters of a place see it. Derived from the list; immutable.</summary>
internal sealed class CountedContacts
{
    public static readonly CountedContacts None = new([], new CounterMasks([]));

    private readonly ulong[] _bits;
    private readonly int[] _counts;
    private readonly int _words;

    public CountedContacts(ImmutableArray<ContactRecord> contacts, CounterMasks masks)
    {
        Contacts = contacts;
        _words = masks.Words;
        _bits = new ulong[contacts.Length * _words];
        _counts = new int[_words * 64];
        LastDays = new int[contacts.Length];
        for (var index = 0; index < contacts.Length; index++)
        {
            var bits = _bits.AsSpan(index * _words, _words);
            masks.Of(contacts[index], bits);
            for (var word = 0; word < _words; word++) Count(bits[word], word);
            LastDays[index] = EpochDay.From(contacts[index].LastDate);
        }
    }

    public ImmutableArray<ContactRecord> Contacts { get; }

    /// <summary>Of each contact the latest local day it may have had, in days since 1970.</summary>
    public int[] LastDays { get; }

    /// <summary>How many of the contacts the counter counts, whatever the period and whatever it is kept for: no verdict counts more.</summary>
    public int Most(int counter) => (uint)counter < (uint)_counts.Length ? _counts[counter] : 0;

    public bool Counts(int counter, int contact) => (_bits[(contact * _words) + (counter >> 6)] & (1UL << (counter & 63))) != 0;

    private void Count(ulong bits, int word)
    {
        for (; bits != 0; bits &= bits - 1) _counts[(word * 64) + BitOperations.TrailingZeroCount(bits)]++;
    }
}
