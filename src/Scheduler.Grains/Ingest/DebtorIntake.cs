using System.Runtime.InteropServices;
using Google.Protobuf;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Due;
using Scheduler.Grains.Operations;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Writing;
using Scheduler.Storage;
using Scheduler.Storage.Sealing;
using RowKey = Scheduler.Storage.DebtorKey;

namespace Scheduler.Grains.Ingest;

/// <summary>Decides on "absent" and inserts version 1 through group commit; what is there already is left untouched and goes through its grain.</summary>
/// <remarks>Threading: any. Limit: <see cref="InFlightLimit"/> entries; beyond it the caller is told at once.</remarks>
public sealed class DebtorIntake(
    IDebtorStore store, DebtorWriting writing, IRuleSource rules, IGrainFactory grains, TimeProvider clock, ContactCounters counters, KeyRing keys) : IDebtorIntake
{
    /// <summary>Entries admitted and not yet answered: grain mailboxes have no bound of their own.</summary>
    public const int InFlightLimit = 20_000;

    /// <summary>Facts about an address that come in while an entry with it is decided: more than a few in a row are somebody's storm.</summary>
    private const int AddressTries = 3;

    /// <summary>Further parties that may enter the same account between a joining and its entry.</summary>
    private const int JoinTries = 4;

    private const int None = -1;

    private readonly PartyJoining _parties = new(store, grains);
    private int _inFlight;

    public async Task<IReadOnlyList<EntryAnswer>?> EnqueueAsync(IReadOnlyList<IntakeEntry> entries, string actor, CancellationToken cancellationToken)
    {
        if (Interlocked.Add(ref _inFlight, entries.Count) > InFlightLimit)
        {
            Interlocked.Add(ref _inFlight, -entries.Count);
            return null;
        }

        try
        {
            var answers = new EntryAnswer[entries.Count];
            var next = NextOfDebtor(entries, out var firsts);
            var debtors = new Task[firsts.Count];
            for (var i = 0; i < debtors.Length; i++) debtors[i] = ApplyAsync(entries, firsts[i], next, actor, answers);
            await Task.WhenAll(debtors);
            return answers;
        }
        finally
        {
            Interlocked.Add(ref _inFlight, -entries.Count);
        }
    }

    public async Task<IReadOnlyList<EntryAnswer>> CheckAsync(IReadOnlyList<IntakeEntry> entries, CancellationToken cancellationToken)
    {
        var answers = new EntryAnswer[entries.Count];
        var next = NextOfDebtor(entries, out var firsts);
        await Task.WhenAll(firsts.Select(async first =>
        {
            var key = entries[first].Command.Key;
            var row = await store.ReadAsync(new RowKey(key.Tenant, key.Debtor), cancellationToken);
            var state = row is null ? null : DebtorGrainStorage.Read(row, keys).State;
            for (var index = first; index != None; index = next[index])
            {
                var decision = DebtorDecider.ApplyEntry(state, entries[index].Command, rules.For(key.Tenant, clock.Now()).Context, clock.Now());
                state = decision.State ?? state;
                answers[index] = Answers.Of(decision.Reply);
            }
        }));
        return answers;
    }

    /// <summary>For each entry the next one of its debtor, so that those of one debtor keep their order.</summary>
    /// <param name="firsts">The first entry of each debtor.</param>
    private static int[] NextOfDebtor(IReadOnlyList<IntakeEntry> entries, out List<int> firsts)
    {
        var next = new int[entries.Count];
        firsts = new List<int>(entries.Count);
        var last = new Dictionary<string, int>(entries.Count, StringComparer.Ordinal);
        for (var i = 0; i < entries.Count; i++)
        {
            next[i] = None;
            ref var before = ref CollectionsMarshal.GetValueRefOrAddDefault(last, entries[i].Command.Key.Debtor, out var isKnown);
            if (isKnown) next[before] = i;
            else firsts.Add(i);
            before = i;
        }

        return next;
    }

    /// <summary>Each entry has its own answer: a storage failure is that of the debtor that met it, and never hides what was committed beside it.</summary>
    private async Task ApplyAsync(IReadOnlyList<IntakeEntry> entries, int first, int[] next, string actor, EntryAnswer[] answers)
    {
        for (var index = first; index != None; index = next[index])
        {
            try
            {
                var entry = entries[index];
                using var span = ContactTraces.Entering(entry.Command.Key);
                var created = index == first && !NamesSpouse(entry) ? await TryCreateAsync(entry.Command) : null;
                answers[index] = created ?? await ApplyByGrainAsync(entry, actor);
            }
            catch (Exception failure) when (StorageFaults.Of(failure) is { } fault)
            {
                answers[index] = new EntryAnswer(EntryOutcome.Rejected, null, fault);
                if (!StorageFaults.MustComeFirst(failure)) continue;
                for (var later = next[index]; later != None; later = next[later]) answers[later] = new EntryAnswer(EntryOutcome.Rejected, null, StorageFaults.NotTried);
                return;
            }
        }
    }

    /// <summary>The debtor is known, or counts together with others.</summary>
    private async Task<EntryAnswer> ApplyByGrainAsync(IntakeEntry entry, string actor)
    {
        var grain = grains.GetGrain<IDebtorGrain>(entry.Command.Key.ToString());
        var isJoining = NamesSpouse(entry);
        for (var tries = 1; ; tries++)
        {
            if (isJoining && await _parties.JoinAsync(entry.Command) is { } fault) return new EntryAnswer(EntryOutcome.Rejected, null, fault);
            var answer = await grain.ApplyEntry(new Submission(entry.Message.ToByteArray(), actor));
            // Another debtor owes one of the accounts: both count together from before the second owes it.
            if (answer.Fault != Answers.SharesAccount) return answer;
            if (tries == JoinTries) return answer with { Fault = StorageFaults.Contended };
            isJoining = true;
        }
    }

    private static bool NamesSpouse(IntakeEntry entry) => entry.Command.Profile is { SpouseIds.IsEmpty: false };

    /// <summary>Null when there is a row already, or another debtor owes one of the accounts.</summary>
    private async Task<EntryAnswer?> TryCreateAsync(EntryCommand command)
    {
        var known = KnownAddresses.None;
        for (var tries = 0; ; tries++)
        {
            var now = clock.Now();
            var decision = DebtorDecider.ApplyEntry(null, known.Facts.IsEmpty ? command : command with { AddressFacts = known.Facts }, rules.For(command.Key.Tenant, now).Context, now);
            // An entry that the rules of entries refuse on "absent" may still be right for the debtor that is there.
            if (await writing.PrepareAsync(null, decision, now, new WriteTerms(Grows: true, AddressFactsSeen: known.Seen)) is not { } prepared) return null;
            var answer = await store.WriteAsync(prepared.Write);
            if (answer.Kind == WriteAnswerKind.AddressKnown && tries < AddressTries) known = await writing.Addresses.LookUpAsync(command.Key.Tenant, command.Points ?? []);
            else return Created(decision, prepared, answer, now);
        }
    }

    private EntryAnswer? Created(Decision<EntryReply> decision, PreparedWrite prepared, WriteAnswer answer, Instant now)
    {
        switch (answer.Kind)
        {
            case WriteAnswerKind.Committed:
                counters.Add(CounterNames.EntriesCreated);
                counters.Instruments.Written(decision.Events);
                HintShard(prepared, answer.Version, now.ToUnixTimeMilliseconds());
                return Answers.Of(decision.Reply);
            case WriteAnswerKind.AlreadyExists or WriteAnswerKind.Conflict or WriteAnswerKind.LinkShared:
                return null;
            default:
                throw new RowRefusedException(answer.Kind);
        }
    }

    private void HintShard(PreparedWrite prepared, long version, long now)
    {
        var write = prepared.Write;
        if (write.DueAt is not { } due || due > now + (long)DueHorizon.Ahead.TotalMilliseconds) return;
        _ = grains.GetGrain<IDueShardGrain>(ShardMap.ShardOf(write.Key.Slice)).Hint(new DueHint(write.Key.Text, version, due, write.Lane ?? 0));
    }
}
