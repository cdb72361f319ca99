namespace Scheduler.Storage.GroupCommit;

/// <summary>
/// Sends one group until every caller can be told the truth: again after a lost answer, in halves after a data error, never twice applied.
/// </summary>
internal sealed class GroupSender(IGroupBackend backend, GroupLimits limits, TimeProvider clock, CommitMetrics metrics)
{
    public ValueTask SendAsync(ReadOnlyMemory<CommitRequest> group) => SendAsync(group, isOutcomeInDoubt: false);

    /// <param name="isOutcomeInDoubt">An earlier send of these rows may have been applied: a later failure does not mean "not applied".</param>
    private async ValueTask SendAsync(ReadOnlyMemory<CommitRequest> group, bool isOutcomeInDoubt)
    {
        for (var send = 1; ; send++)
        {
            try
            {
                await backend.CommitAsync(group);
                EnsureAnswered(group.Span);
                break;
            }
            catch (GroupFaultException fault)
            {
                metrics.Failed(fault.Fault);
                if (fault.Fault == GroupFault.Data)
                {
                    await SplitAsync(group, isOutcomeInDoubt);
                    return;
                }

                isOutcomeInDoubt |= fault.Fault is GroupFault.OutcomeUnknown or GroupFault.None;
                var mayHelp = fault.Fault == GroupFault.Transient || isOutcomeInDoubt;
                if (!mayHelp || send == limits.Sends)
                {
                    FailAll(group.Span, isOutcomeInDoubt, fault);
                    return;
                }
            }
            catch (Exception unexpected)
            {
                // A loop that dies answers nobody ever again: whatever it was, the callers hear that the outcome is unknown.
                metrics.Failed(GroupFault.None);
                FailAll(group.Span, isOutcomeInDoubt: true, unexpected);
                await ReconnectAsync();
                return;
            }

            await PauseAsync(send, isOutcomeInDoubt);
        }

        foreach (var request in group.Span) request.Publish();
    }

    /// <summary>Halves until the row that the database refuses stands alone; the others commit.</summary>
    private async ValueTask SplitAsync(ReadOnlyMemory<CommitRequest> group, bool isOutcomeInDoubt)
    {
        if (group.Length == 1)
        {
            var poison = group.Span[0];
            poison.RefuseAsPoisoned();
            poison.Publish();
            return;
        }

        var half = group.Length / 2;
        await SendAsync(group[..half], isOutcomeInDoubt);
        await SendAsync(group[half..], isOutcomeInDoubt);
    }

    private async ValueTask PauseAsync(int send, bool isOutcomeInDoubt)
    {
        await Task.Delay(limits.FirstPause * (1 << (send - 1)), clock);
        if (isOutcomeInDoubt) await ReconnectAsync();
    }

    private async ValueTask ReconnectAsync()
    {
        try
        {
            await backend.ReconnectAsync();
        }
        catch (Exception failure)
        {
            // The next send fails too, and says so to those who wait for it; the loop goes on.
            metrics.Failed(failure is GroupFaultException fault ? fault.Fault : GroupFault.None);
        }
    }

    private static void EnsureAnswered(ReadOnlySpan<CommitRequest> group)
    {
        foreach (var request in group)
        {
            if (!request.IsAnswered) throw new InvalidOperationException("The back end left a request of its group without an answer.");
        }
    }

    private static void FailAll(ReadOnlySpan<CommitRequest> group, bool isOutcomeInDoubt, Exception cause)
    {
        // One exception object per caller: a shared one would gather the stack traces of all of them.
        foreach (var request in group)
        {
            request.Fail(isOutcomeInDoubt
                ? new StorageOutcomeUnknownException("The commit's outcome is unknown: " + cause.Message, cause)
                : new StorageUnavailableException("Nothing was applied: " + cause.Message, cause));
        }
    }
}
