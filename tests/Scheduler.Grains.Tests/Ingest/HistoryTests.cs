using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Storage;

namespace Scheduler.Grains.Tests.Ingest;

public sealed class HistoryTests
{
    [Fact]
    public async Task Contacts_of_one_debtor_are_one_write()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var writes = 0;
        world.Store.BeforeWrite = _ => writes++;

        var answers = await world.Debtor("d1").SeedContacts([Contact("x1"), Contact("x2"), Contact("x1"), Contact("x3")]);

        Assert.Equal([false, false, true, false], answers.Select(answer => answer.Duplicate));
        Assert.All(answers, answer => Assert.True(answer.Done));
        Assert.Equal(1, writes);
    }

    [Fact]
    public async Task Contacts_that_do_not_fit_together_are_kept_each_for_itself()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entries.Reachable("d1"));
        var writes = 0;
        // The group of three, and the second alone.
        world.Store.BeforeWrite = _ =>
        {
            if (++writes is 1 or 3) throw new RowRefusedException(WriteAnswerKind.TooLarge);
        };

        var answers = await world.Debtor("d1").SeedContacts([Contact("x1"), Contact("x2"), Contact("x3")]);

        Assert.Equal([true, false, true], answers.Select(answer => answer.Done));
        Assert.Equal("LIMIT_REACHED", answers[1].Fault?.Reason);
        world.Store.BeforeWrite = null;
        var again = await world.Debtor("d1").SeedContacts([Contact("x1"), Contact("x2"), Contact("x3")]);
        Assert.Equal([true, false, true], again.Select(answer => answer.Duplicate));
    }

    [Fact]
    public async Task Of_a_debtor_that_is_not_there_each_is_refused()
    {
        await using var world = await World.StartAsync();
        var answers = await world.Debtor("nobody").SeedContacts([Contact("x1"), Contact("x2")]);
        Assert.Equal(["DEBTOR_NOT_FOUND", "DEBTOR_NOT_FOUND"], answers.Select(answer => answer.Fault?.Reason));
    }

    private static Submission Contact(string id) => new(
        new V1.ExternalContact
        {
            ExternalContactId = id,
            DebtorId = "d1",
            Channel = V1.ContactChannel.Email,
            Purpose = V1.ContactPurpose.Collection,
            PlaceTime = Timestamp.FromDateTimeOffset(World.TuesdayTen.AddHours(-30)),
            Facts = new V1.ContactFacts { Placed = true, Delivered = true, TwoWay = false },
        }.ToByteArray(),
        "tests");
}
