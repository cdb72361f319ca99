namespace Scheduler.LoadTests.Traffic;

/// <summary>
/// What was acknowledged, leased and reported of a portfolio, by number of debtor: every acknowledged one must end in one contact, and in
/// no second. A few bytes a debtor. Threading: safe for many.
/// </summary>
internal sealed class WorkBook
{
    private const int BlockSize = 1 << 16;

    private readonly Lock _lock = new();
    private Block[] _blocks = [];
    private long _accepted;
    private long _leased;
    private long _placed;
    private long _placedAgain;

    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Debtors leased at least once.</summary>
    public long Leased => Interlocked.Read(ref _leased);

    /// <summary>Debtors whose contact was recorded.</summary>
    public long Placed => Interlocked.Read(ref _placed);

    /// <summary>Contacts recorded beyond the first of a debtor: each is a debtor contacted twice for one step.</summary>
    public long PlacedAgain => Interlocked.Read(ref _placedAgain);

    /// <summary>Accepted and without a contact.</summary>
    public long Open => Accepted - Placed;

    /// <summary>Before the entry is sent: its dispatch may come before its answer.</summary>
    public void Appoint(int number, long dueMilliseconds) => At(number).Due[number % BlockSize] = dueMilliseconds;

    /// <summary>0: not appointed.</summary>
    public long DueOf(int number) => At(number).Due[number % BlockSize];

    public void Accept(int number)
    {
        if (Interlocked.Increment(ref At(number).Accepted[number % BlockSize]) == 1) Interlocked.Increment(ref _accepted);
    }

    /// <summary>Whether it is the first time.</summary>
    public bool Lease(int number)
    {
        var isFirst = Interlocked.Increment(ref At(number).Leased[number % BlockSize]) == 1;
        if (isFirst) Interlocked.Increment(ref _leased);
        return isFirst;
    }

    public void Place(int number)
    {
        if (Interlocked.Increment(ref At(number).Placed[number % BlockSize]) == 1) Interlocked.Increment(ref _placed);
        else Interlocked.Increment(ref _placedAgain);
    }

    private Block At(int number)
    {
        var index = number / BlockSize;
        var blocks = Volatile.Read(ref _blocks);
        return index < blocks.Length ? blocks[index] : Grow(index);
    }

    private Block Grow(int index)
    {
        lock (_lock)
        {
            if (index < _blocks.Length) return _blocks[index];
            Block[] grown = [.. _blocks, .. Enumerable.Range(_blocks.Length, index + 1 - _blocks.Length).Select(static _ => new Block())];
            Volatile.Write(ref _blocks, grown);
            return grown[index];
        }
    }

    private sealed class Block
    {
        public long[] Due { get; } = new long[BlockSize];

        public int[] Accepted { get; } = new int[BlockSize];

        public int[] Leased { get; } = new int[BlockSize];

        public int[] Placed { get; } = new int[BlockSize];
    }
}
