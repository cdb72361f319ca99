using Google.Protobuf;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Ingest;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;
using Scheduler.Storage;

namespace Scheduler.Grains.Tests.Ingest;

public sealed class IntakeTests
{
    [Fact]
    public async Task A_debtor_that_storage_failed_does_not_hide_what_was_committed_beside_it()
    {
        await using var world = await World.StartAsync();
        world.Store.BeforeWrite = static write => FailFor(write, "d2", new StorageUnavailableException("test"));
        world.Store.AfterWrite = static write => FailFor(write, "d3", new StorageOutcomeUnknownException("test"));

        var answers = await EnterAsync(world, Entries.Reachable("d1"), Entries.Reachable("d2"), Entries.Reachable("d3"), Entries.Reachable("d2", version: 2));

        Assert.Equal(EntryOutcome.Accepted, answers[0].Outcome);
        Assert.Equal(["STORAGE_UNAVAILABLE", "OUTCOME_UNKNOWN", "STORAGE_UNAVAILABLE"], answers.Skip(1).Select(static a => a.Fault?.Reason));
        world.Store.BeforeWrite = null;
        world.Store.AfterWrite = null;
        Assert.False((await world.Debtor("d2").GetState()).Found);
    }

    [Fact]
    public async Task Entries_of_one_debtor_are_applied_in_the_order_of_the_call_whatever_stands_between_them()
    {
        await using var world = await World.StartAsync();

        var answers = await EnterAsync(
            world, Entries.Reachable("d1"), Entries.Reachable("d2", version: 3), Entries.Reachable("d1", version: 2), Entries.Reachable("d2", version: 2), Entries.Reachable("d1", version: 3));

        Assert.Equal(
            [EntryOutcome.Accepted, EntryOutcome.Accepted, EntryOutcome.Accepted, EntryOutcome.Stale, EntryOutcome.Accepted], answers.Select(static answer => answer.Outcome));
    }

    [Fact]
    public async Task A_row_that_the_database_refuses_is_refused_for_good_and_alone()
    {
        await using var world = await World.StartAsync();
        world.Store.BeforeWrite = static write => FailFor(write, "d1", new RowRefusedException(WriteAnswerKind.Poisoned));

        var answers = await EnterAsync(world, Entries.Reachable("d1"), Entries.Reachable("d2"));

        Assert.Equal("ROW_REFUSED", answers[0].Fault?.Reason);
        Assert.Equal(EntryOutcome.Accepted, answers[1].Outcome);
    }

    [Fact]
    public async Task A_debtor_too_full_for_entries_still_takes_a_withdrawal()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var last = new EntryAnswer(EntryOutcome.Accepted, null, null);
        for (var version = 2; version <= 32 && last.Outcome == EntryOutcome.Accepted; version++)
        {
            var entry = Entries.Reachable("d1", version);
            for (var i = 1; i < version; i++)
            {
                var account = entry.Accounts[0].Clone();
                account.AccountId = new string('a', 124) + i;
                account.CreditorId = new string('c', 124) + i;
                entry.Accounts.Add(account);
            }

            last = await world.EnterAsync(entry);
        }

        Assert.Equal("LIMIT_REACHED", last.Fault?.Reason);
        var withdrawal = new Submission(Entries.Withdrawal("s1", world.Time.GetUtcNow()).ToByteArray(), "tests");
        Assert.True((await world.Debtor("d1").RecordSignal(withdrawal)).Recorded);
    }

    private static void FailFor(DebtorWrite write, string debtor, Exception failure)
    {
        if (write.Key.Debtor == debtor) throw failure;
    }

    private static async Task<IReadOnlyList<EntryAnswer>> EnterAsync(World world, params V1.DebtorEntry[] entries)
    {
        var now = world.Time.Now();
        var read = entries.Select(e => new IntakeEntry(EntryMap.Read(World.Tenant, e, new FieldViolations(), now), e)).ToArray();
        return (await world.Intake.EnqueueAsync(read, "tests", TestContext.Current.CancellationToken))!;
    }
}
