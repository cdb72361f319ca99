using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Scheduler.Embedded.Orleans.Tests.Storage;

public sealed class StorageTests
{
    private readonly NotebookStorage _notebook = new();

    [Fact]
    public async Task State_is_read_before_the_first_call_and_survives_the_silo()
    {
        await using (var silo = await StartAsync())
        {
            var ledger = silo.Grains.GetGrain<ILedgerGrain>("l");
            Assert.Equal((null, false), await ledger.Version());
            await ledger.Write("first entry");
            Assert.Equal(("1", true), await ledger.Version());
        }

        await using (var silo = await StartAsync())
        {
            Assert.Equal("first entry", await silo.Grains.GetGrain<ILedgerGrain>("l").Read());
            Assert.Equal("activated with first entry", silo.Probe.Notes[0]);
        }
    }

    [Fact]
    public async Task A_record_that_does_not_exist_leaves_a_new_instance()
    {
        await using var silo = await StartAsync();
        Assert.Equal("blank", await silo.Grains.GetGrain<ILedgerGrain>("l").Read());
        Assert.True(await silo.Grains.GetGrain<IBareStateGrain>("b").HasStateMadeWithoutConstructor());
        Assert.Equal(0, await silo.Grains.GetGrain<IBareStateGrain>("b").Number());
    }

    [Fact]
    public async Task Clearing_and_reading_again_follow_the_store()
    {
        await using var silo = await StartAsync();
        var ledger = silo.Grains.GetGrain<ILedgerGrain>("l");
        await ledger.Write("kept");
        await ledger.Change("forgotten");
        await ledger.Refresh();
        Assert.Equal("kept", await ledger.Read());
        await ledger.Clear();
        Assert.Equal("blank", await ledger.Read());
        Assert.Equal((null, false), await ledger.Version());
        Assert.Empty(_notebook.Keys);
    }

    [Fact]
    public async Task A_storage_exception_of_a_foreign_type_reaches_the_grain_wrapped()
    {
        await using var silo = await StartAsync();
        var ledger = silo.Grains.GetGrain<ILedgerGrain>("l");
        await ledger.Read();
        _notebook.NextFailure = new IOException("The disk is full.");
        await ledger.WriteAndSwallow("lost");
        Assert.Equal(1, silo.Probe.Count("swallowed OrleansException around IOException"));
    }

    [Fact]
    public async Task An_activation_lives_on_with_its_unwritten_state_after_an_ordinary_failure()
    {
        await using var silo = await StartAsync();
        var ledger = silo.Grains.GetGrain<ILedgerGrain>("l");
        var instance = await ledger.Instance();
        _notebook.NextFailure = new OrleansException("Unavailable.");
        var thrown = await Assert.ThrowsAsync<OrleansException>(() => ledger.Write("unwritten"));
        Assert.Equal("Unavailable.", thrown.Message);
        Assert.Equal("unwritten", await ledger.Read());
        Assert.Equal(instance, await ledger.Instance());
        Assert.Empty(_notebook.Keys);
    }

    [Fact]
    public async Task An_escaping_inconsistency_ends_the_activation_and_the_next_call_reads_again()
    {
        await using var silo = await StartAsync();
        var ledger = silo.Grains.GetGrain<ILedgerGrain>("l");
        await ledger.Write("agreed");
        var instance = await ledger.Instance();
        _notebook.Tamper("page:ledger/l");
        var thrown = await Assert.ThrowsAsync<InconsistentStateException>(() => ledger.Write("mine"));
        Assert.Equal(("2", "1"), (thrown.StoredEtag, thrown.CurrentEtag));
        Assert.Equal("agreed", await ledger.Read());
        Assert.NotEqual(instance, await ledger.Instance());
        Assert.Equal(1, silo.Probe.Count("deactivated: ApplicationError"));
    }

    [Fact]
    public async Task An_inconsistency_that_the_grain_catches_does_not_end_the_activation()
    {
        await using var silo = await StartAsync();
        var ledger = silo.Grains.GetGrain<ILedgerGrain>("l");
        await ledger.Write("agreed");
        var instance = await ledger.Instance();
        _notebook.Tamper("page:ledger/l");
        await ledger.WriteAndSwallow("mine");
        Assert.Equal("mine", await ledger.Read());
        Assert.Equal(instance, await ledger.Instance());
    }

    [Fact]
    public async Task A_failing_read_fails_the_call_and_the_next_call_tries_again()
    {
        await using var silo = await StartAsync();
        var ledger = silo.Grains.GetGrain<ILedgerGrain>("l");
        _notebook.NextFailure = new OrleansException("Unavailable.");
        await Assert.ThrowsAsync<OrleansException>(() => ledger.Read());
        Assert.Equal("blank", await ledger.Read());
    }

    [Fact]
    public async Task Integer_keys_are_upper_case_hexadecimal_in_ids()
    {
        await using var silo = await StartAsync();
        await silo.Grains.GetGrain<INumberedGrain>(10).Write(1);
        await silo.Grains.GetGrain<INumberedGrain>(-1).Write(1);
        Assert.Equal(["value:numbered/A", "value:numbered/FFFFFFFFFFFFFFFF"], _notebook.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("numbered/1F is 31", await silo.Grains.GetGrain<INumberedGrain>(31).Key());
        Assert.Equal(31, silo.Grains.GetGrain<INumberedGrain>(31).GetPrimaryKeyLong());
        Assert.Equal("numbered/FFFFFFFFFFFFFFFF is -1", await silo.Grains.GetGrain<INumberedGrain>(-1).Key());
    }

    [Fact]
    public async Task A_missing_storage_provider_fails_the_call_and_names_it()
    {
        await using var silo = await StartAsync();
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => silo.Grains.GetGrain<IHomelessGrain>("h").Read());
        Assert.IsType<BadProviderConfigException>(thrown);
        Assert.Contains("nowhere", thrown.Message, StringComparison.Ordinal);
    }

    private Task<SiloFixture> StartAsync() =>
        SiloFixture.StartAsync(silo => silo.Services.AddKeyedSingleton<IGrainStorage>("notebook", _notebook));
}
