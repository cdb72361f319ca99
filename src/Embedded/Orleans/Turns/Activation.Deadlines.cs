namespace Orleans.Turns;

// How calls that are not answered in time are found: activations with something in the mailbox are watched and looked through at intervals.
internal sealed partial class Activation
{
    private int _watched;

    /// <summary>The next activation in the list of watched ones; owned by that list.</summary>
    public Activation? NextWatched { get; set; }

    public bool IsWatched => Volatile.Read(ref _watched) != 0;

    /// <summary>True for the one caller that must put it on the list.</summary>
    public bool BeginWatch() => Interlocked.Exchange(ref _watched, 1) == 0;

    public void EndWatch() => Interlocked.Exchange(ref _watched, 0);

    /// <summary>Gathers the turns sent before that timestamp which have no answer. Says whether any turn is left to watch.</summary>
    public bool FindOverdue(long sentBefore, List<ITurn> overdue)
    {
        var taken = false;
        try
        {
            _gate.Enter(ref taken);
            if (_blocking is not null) Judge(_blocking, sentBefore, overdue);
            if (_interleaved is not null)
            {
                foreach (var turn in _interleaved) Judge(turn, sentBefore, overdue);
            }

            // The inbox is emptied into the waiting queue by every slice; only a blocked thread lets it age.
            Sift(ref _waiting, sentBefore, overdue);
            Sift(ref _inbox, sentBefore, overdue);
            return IsRunning || !_inbox.IsEmpty || !_waiting.IsEmpty;
        }
        finally
        {
            if (taken) _gate.Exit();
        }
    }

    private static bool Judge(ITurn turn, long sentBefore, List<ITurn> overdue)
    {
        if (!turn.IsAwaited || turn.IsAbandoned || turn.SentAt > sentBefore) return false;
        overdue.Add(turn);
        return true;
    }

    private static void Sift(ref WorkQueue queue, long sentBefore, List<ITurn> overdue)
    {
        for (var i = queue.Count; i > 0; i--)
        {
            var item = queue.Dequeue()!;
            if (item is not ITurn turn || (!turn.IsAbandoned && !Judge(turn, sentBefore, overdue))) queue.Enqueue(item);
        }
    }
}
