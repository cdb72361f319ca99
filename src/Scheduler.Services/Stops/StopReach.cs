using System.Collections.Immutable;
using Google.Protobuf;
using Scheduler.Grains.Debtors;
using Scheduler.Protocol.Border;
using Scheduler.Services.Batches;
using Scheduler.Services.Refusals;
using Scheduler.V1;

namespace Scheduler.Services.Stops;

/// <summary>What a debtor that lists the address is told.</summary>
/// <param name="Key">The grain's key.</param>
public readonly record struct Told(string Key, Signal Signal);

/// <summary>
/// Carries a stop whose point is known to every debtor that lists the point's address. The address learns it first, durably, so that whoever
/// comes to list it later is bound; then those that list it are looked up and told. A repeat after a failure completes it.
/// </summary>
public sealed class StopReach(DebtorRoute route)
{
    /// <summary>Learns, and answers whom it concerns besides the debtors that it was said of. Nobody where no address is known.</summary>
    /// <param name="keys">Debtors that it was said of; they are told by whoever asks.</param>
    /// <param name="dispatch">Dispatch that it is about; empty if none.</param>
    public async Task<ImmutableArray<Told>> LearnAsync(string tenant, IReadOnlyCollection<string> keys, Stop stop, string dispatch)
    {
        if (stop.Points.IsEmpty && stop.Address.Length == 0 && dispatch.Length == 0) return [];
        var answers = new List<SourceAnswer>();
        foreach (var key in keys) answers.AddRange(await FindAsync(tenant, key, new SourceQuestion(dispatch, "", stop.Points)));
        return await LearnAsync(tenant, keys, stop, answers);
    }

    /// <summary>The debtor's answer, and those of the ones that were split from it after the dispatch: the point may have gone with them.</summary>
    public async Task<IReadOnlyCollection<SourceAnswer>> FindAsync(string tenant, string key, SourceQuestion question)
    {
        var answers = new List<SourceAnswer>();
        var asked = new HashSet<string>(StringComparer.Ordinal) { key };
        var next = new Queue<string>(asked);
        while (next.TryDequeue(out var one))
        {
            var answer = await route.Grain(one).FindSources(question);
            answers.Add(answer);
            // Providers' ids lead to a dispatch at the first alone.
            if (answer.DispatchId.Length > 0) question = question with { DispatchId = answer.DispatchId, ProviderContactId = "" };
            foreach (var part in answer.Parts.Select(part => DebtorRoute.KeyOf(tenant, part)).Where(asked.Add)) next.Enqueue(part);
        }

        return answers;
    }

    /// <summary>The same where the debtors have answered.</summary>
    public async Task<ImmutableArray<Told>> LearnAsync(string tenant, IReadOnlyCollection<string> keys, Stop stop, IReadOnlyCollection<SourceAnswer> answers)
    {
        var named = answers.Select(answer => DebtorRoute.KeyOf(tenant, answer.Debtor)).Concat(keys).ToHashSet(StringComparer.Ordinal);
        var told = ImmutableArray.CreateBuilder<Told>();
        IEnumerable<string> addresses = stop.Address.Length > 0 ? [stop.Address] : answers.SelectMany(static answer => answer.Addresses);
        foreach (var address in addresses.Distinct(StringComparer.Ordinal))
        {
            var said = stop.At(address);
            foreach (var key in await route.LearnAsync(tenant, address, stop.Lesson))
            {
                if (!named.Contains(key)) told.Add(new Told(key, said));
            }
        }

        return told.ToImmutable();
    }

    /// <summary>Tells them, a page at a time. Null when each has it; else why one has not: then nobody may be told that it is in force.</summary>
    public async Task<Google.Rpc.Status?> TellAsync(ImmutableArray<Told> listers, string actor)
    {
        Google.Rpc.Status? failed = null;
        foreach (var page in listers.Chunk(BorderLimits.DebtorsOfAddress))
        {
            foreach (var status in await Task.WhenAll(page.Select(lister => TellAsync(lister, actor)))) failed ??= status;
        }

        return failed;
    }

    private async Task<Google.Rpc.Status?> TellAsync(Told lister, string actor)
    {
        try
        {
            var answer = await route.Grain(lister.Key).RecordSignal(new Submission(lister.Signal.ToByteArray(), actor));
            return answer.Fault is { } fault ? Refuse.Item(fault) : null;
        }
        catch (Exception failure) when (FailureInterceptor.ItemStatus(failure) is { } status)
        {
            return status;
        }
    }
}
