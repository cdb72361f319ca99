using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using NodaTime;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Grains.Writing;
using Scheduler.Storage;

namespace Scheduler.Grains.Tests.Addresses;

public sealed class AddressIndexTests
{
    private const string Phone = "+573001234567";
    private const string Other = "+573007654321";

    private static readonly Instant Noon = Instant.FromDateTimeOffset(World.TuesdayTen);

    private static async Task<string[]> ListedAsync(World world, string address)
    {
        var link = world.Get<AddressBook>().LinkOf(World.Tenant, address);
        return [.. (await world.Store.FindLinksAsync(World.Tenant, link.Kind, link.Key, TestContext.Current.CancellationToken)).Select(static key => key.Debtor)];
    }

    private static V1.DebtorEntry Entry(string debtor, long version, params string[] addresses)
    {
        var entry = Entries.Reachable(debtor, version);
        entry.ContactPoints.Points.Clear();
        foreach (var (index, address) in addresses.Index())
        {
            entry.ContactPoints.Points.Add(new V1.ContactPoint
            {
                PointId = $"p{index}-{address[^4..]}",
                Kind = V1.PointKind.Mobile,
                Address = address,
                Place = V1.PointPlace.Personal,
                Status = V1.PointStatus.Unverified,
            });
        }

        return entry;
    }

    private static Task LearnAsync(World world, AddressFactKind kind, string address = Phone) => world.Get<AddressBook>().LearnAsync(
        World.Tenant, address, new AddressLesson([new AddressFact(kind, ContactChannel.Unknown, Noon)], []));

    [Fact]
    public async Task Debtors_are_found_by_every_address_that_they_list_and_by_none_that_they_listed()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entry("a", 1, Phone, Other));
        await world.EnterAsync(Entry("b", 1, Phone));
        Assert.Equal(["a", "b"], await ListedAsync(world, "+57 300 123 4567"));

        await world.EnterAsync(Entry("a", 2, Other));
        Assert.Equal(["b"], await ListedAsync(world, Phone));
        Assert.Equal(["a"], await ListedAsync(world, Other));
    }

    [Fact]
    public async Task The_index_holds_no_address()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entry("a", 1, Phone));
        Assert.DoesNotContain("3001234567", world.Get<AddressBook>().LinkOf(World.Tenant, Phone).Key, StringComparison.Ordinal);
        Assert.NotEqual(world.Get<AddressBook>().LinkOf(World.Tenant, Phone), world.Get<AddressBook>().LinkOf("other", Phone));
    }

    [Fact]
    public async Task A_fact_about_an_address_binds_a_debtor_created_with_it_and_one_that_adds_it()
    {
        await using var world = await World.StartAsync();
        await world.EnterAsync(Entry("adds", 1, Other));
        await LearnAsync(world, AddressFactKind.Reassigned);

        Assert.Equal(EntryOutcome.Accepted, (await world.EnterAsync(Entry("new", 1, Phone))).Outcome);
        Assert.Equal(EntryOutcome.Accepted, (await world.EnterAsync(Entry("adds", 2, Other, Phone))).Outcome);

        Assert.Equal(V1.PointStatus.Reassigned, Assert.Single((await world.StateAsync("new")).ContactPoints).Status);
        Assert.Equal([V1.PointStatus.Unverified, V1.PointStatus.Reassigned], (await world.StateAsync("adds")).ContactPoints.Select(static p => p.Status));
        Assert.Equal(["adds", "new"], await ListedAsync(world, Phone));
    }

    [Fact]
    public async Task A_fact_that_is_learned_between_the_decision_and_the_write_of_a_new_debtor_binds_it()
    {
        await using var world = await World.StartAsync();
        var isLearned = false;
        world.Store.BeforeWrite = _ =>
        {
            if (isLearned) return;
            isLearned = true;
#pragma warning disable VSTHRD002, xUnit1031, RS0030 // The store asks before a write is sent; what happens meanwhile must have happened.
            LearnAsync(world, AddressFactKind.WrongPerson).GetAwaiter().GetResult();
#pragma warning restore VSTHRD002, xUnit1031, RS0030
        };

        await world.EnterAsync(Entry("new", 1, Phone));

        Assert.Equal(V1.PointStatus.WrongPerson, Assert.Single((await world.StateAsync("new")).ContactPoints).Status);
    }

    [Fact]
    public async Task Facts_and_links_outlive_the_process()
    {
        var world = await World.StartAsync();
        await world.EnterAsync(Entry("a", 1, Phone));
        await LearnAsync(world, AddressFactKind.Stopped);
        world = await world.RestartAsync();
        await using var again = world;

        Assert.Equal(["a"], await ListedAsync(world, Phone));
        await world.EnterAsync(Entry("b", 1, Phone));
        var explained = await world.Debtor("b").Explain(new V1.ExplainDebtorRequest { TenantId = World.Tenant, DebtorId = "b" }.ToByteArray());
        var whatsapp = V1.ExplainDebtorResponse.Parser.ParseFrom(explained.Body.Span).ToString();
        Assert.Contains("withdrawn", whatsapp, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_signal_by_address_retried_after_it_reached_only_some_is_applied_by_the_rest()
    {
        await using var world = await World.StartAsync();
        foreach (var debtor in new[] { "a", "b", "c" }) await world.EnterAsync(Entry(debtor, 1, Phone));
        var stop = new V1.Signal
        {
            SignalId = "stop-1",
            Address = Phone,
            Channel = V1.ContactChannel.Whatsapp,
            OccurTime = Timestamp.FromDateTimeOffset(World.TuesdayTen),
            Inbound = new V1.Inbound { Intent = V1.InboundIntent.Stop },
        };
        var submission = new Submission(stop.ToByteArray(), "tests");
        world.Store.BeforeWrite = static write =>
        {
            if (write.Key.Debtor == "c") throw new StorageUnavailableException("gone");
        };
        Assert.True((await world.Debtor("a").RecordSignal(submission)).Recorded);
        Assert.True((await world.Debtor("b").RecordSignal(submission)).Recorded);
        await Assert.ThrowsAnyAsync<Exception>(() => world.Debtor("c").RecordSignal(submission));
        world.Store.BeforeWrite = null;

        Assert.True((await world.Debtor("a").RecordSignal(submission)).Duplicate);
        Assert.True((await world.Debtor("c").RecordSignal(submission)).Recorded);
    }
}
