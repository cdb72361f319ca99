using System.Diagnostics;

namespace Scheduler.Embedded.Orleans.Tests.Turns;

public sealed class TurnTests
{
    [Fact]
    public async Task A_grain_keeps_its_memory_between_calls_and_grains_with_other_keys_have_their_own()
    {
        await using var silo = await SiloFixture.StartAsync();
        var one = silo.Grains.GetGrain<ITurnGrain>("one");
        Assert.Equal(1, await one.Add(1));
        Assert.Equal(3, await one.Add(2));
        Assert.Equal(6, await silo.Grains.GetGrain<ITurnGrain>("one").Add(3));
        Assert.Equal(10, await silo.Grains.GetGrain<ITurnGrain>("two").Add(10));
    }

    [Fact]
    public async Task Code_after_an_await_runs_on_the_schedule_of_its_activation()
    {
        await using var silo = await SiloFixture.StartAsync();
        Assert.True(await silo.Grains.GetGrain<ITurnGrain>("g").ContinuesOnItsScheduler());
    }

    [Fact]
    public async Task A_call_waits_until_the_one_before_it_has_ended_awaits_included()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ITurnGrain>("g");
        var first = grain.Step("first", "gate");
        var second = grain.Step("second", null);
        await silo.Probe.SeenAsync("first begins");
        silo.Probe.Open("gate");
        await Task.WhenAll(first, second);
        Assert.Equal(
            ["first begins", "first goes on", "first ends", "second begins", "second goes on", "second ends"], silo.Probe.Notes);
    }

    [Fact]
    public async Task Calls_of_many_callers_never_overlap_in_one_grain()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ITurnGrain>("g");
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => grain.CountWithAwaits(10))));
        Assert.Equal(2_000, await grain.Add(0));
    }

    [Fact]
    public async Task Calls_of_one_caller_start_in_the_order_they_were_made()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ITurnGrain>("g");
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => grain.Step($"{i}", null)));
        Assert.Equal(
            Enumerable.Range(0, 100).Select(i => $"{i} begins"),
            silo.Probe.Notes.Where(note => note.EndsWith("begins", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(66)]
    [InlineData(300)]
    public async Task A_long_queue_empties_in_order_and_fills_again(int length)
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ITurnGrain>("g");
        for (var round = 0; round < 3; round++)
        {
            var blocked = grain.Step($"round {round}", $"gate {round}");
            var sums = Enumerable.Range(0, length).Select(_ => grain.Add(1)).ToArray();
            await silo.Probe.SeenAsync($"round {round} begins");
            silo.Time.Advance(TimeSpan.FromSeconds(2));
            silo.Probe.Open($"gate {round}");
            await blocked;
            Assert.Equal(Enumerable.Range((round * length) + 1, length), await Task.WhenAll(sums));
        }
    }

    [Fact]
    public async Task Only_a_method_that_always_interleaves_starts_while_a_call_awaits()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ITurnGrain>("g");
        var blocked = grain.Step("blocked", "gate");
        var behind = grain.Step("behind", null);
        await silo.Probe.SeenAsync("blocked begins");
        Assert.Equal("g", await grain.Peek("peek"));
        Assert.Equal(0, silo.Probe.Count("behind begins"));
        silo.Probe.Open("gate");
        await Task.WhenAll(blocked, behind);
        Assert.Equal("blocked begins", silo.Probe.Notes[0]);
        Assert.Equal(["peek begins", "peek ends"], silo.Probe.Notes.Skip(1).Take(2));
    }

    [Fact]
    public async Task An_interleaving_call_that_awaits_does_not_keep_an_ordinary_one_out()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<IReentrantGrain>(7);
        var waiting = grain.Step("waiting", "gate");
        await grain.Step("passing", null);
        Assert.False(waiting.IsCompleted);
        silo.Probe.Open("gate");
        await waiting;
        Assert.Equal(["waiting begins", "passing begins", "passing ends", "waiting ends"], silo.Probe.Notes);
    }

    [Fact]
    public async Task A_one_way_call_does_not_wait_for_the_grain()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ITurnGrain>("g");
        var hint = grain.Hint("hint", "gate");
        Assert.True(hint.IsCompletedSuccessfully);
        await silo.Probe.SeenAsync("hint begins");
        silo.Probe.Open("gate");
        await silo.Probe.SeenAsync("hint ends");
    }

    [Fact]
    public async Task A_one_way_call_that_fails_tells_nobody_and_the_grain_lives_on()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ITurnGrain>("g");
        await grain.Add(5);
        await grain.BadHint();
        Assert.Equal(6, await grain.Add(1));
        Assert.Equal(1, silo.Probe.Count("bad hint"));
    }

    [Fact]
    public async Task An_exception_reaches_the_caller_with_its_type_and_its_stack()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ITurnGrain>("g");
        var thrown = await Assert.ThrowsAsync<FieldException>(() => grain.Fail("at once"));
        Assert.Equal("at once", thrown.Message);
        Assert.Contains(nameof(TurnGrain.Fail), thrown.StackTrace, StringComparison.Ordinal);
        thrown = await Assert.ThrowsAsync<FieldException>(() => grain.FailLater("later"));
        Assert.Contains(nameof(TurnGrain.FailLater), thrown.StackTrace, StringComparison.Ordinal);
        Assert.Equal(1, await grain.Add(1));
    }

    [Fact]
    public async Task Value_tasks_and_several_arguments_pass_through()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ITurnGrain>("g");
        Assert.Equal("a 2 2026-03-02T09:00:00.0000000+00:00", await grain.Describe("a", 2, silo.Time.GetUtcNow()));
        await grain.Touch();
        Assert.Equal(1, silo.Probe.Count("touched"));
    }

    [Fact]
    public async Task The_activity_and_the_request_context_of_the_caller_flow_to_the_grain()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ITurnGrain>("g");
        using (new Activity("enqueue").Start())
        {
            Assert.Equal("enqueue", await grain.Baggage());
        }

        Assert.Null(await grain.Baggage());
        RequestContext.Set("actor", "collector");
        Assert.Equal("collector", await grain.ReadContext("actor"));
        Assert.Null(await grain.ReadContext("tenant"));
    }

    [Fact]
    public async Task A_cancellation_token_reaches_the_running_call()
    {
        await using var silo = await SiloFixture.StartAsync();
        using var cancellation = new CancellationTokenSource();
        var call = silo.Grains.GetGrain<ITurnGrain>("g").Cancelled(cancellation.Token);
        await silo.Probe.SeenAsync("waits for cancellation");
        await cancellation.CancelAsync();
        Assert.True(await call);
    }

    [Fact]
    public async Task A_call_back_into_a_waiting_grain_times_out_after_the_response_timeout()
    {
        await using var silo = await SiloFixture.StartAsync();
        var chain = silo.Grains.GetGrain<ITurnGrain>("a").CallOther("b", "a");
        await silo.Probe.SeenAsync("b calls a");
        silo.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(chain.IsCompleted);
        silo.Time.Advance(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<TimeoutException>(() => chain);
        Assert.Equal(1, await silo.Grains.GetGrain<ITurnGrain>("a").Add(1));
    }

    [Fact]
    public async Task A_call_that_timed_out_while_waiting_never_starts()
    {
        await using var silo = await SiloFixture.StartAsync();
        var grain = silo.Grains.GetGrain<ITurnGrain>("g");
        var blocked = grain.Step("blocked", "gate");
        var behind = grain.Step("behind", null);
        await silo.Probe.SeenAsync("blocked begins");
        silo.Time.Advance(TimeSpan.FromSeconds(31));
        await Assert.ThrowsAsync<TimeoutException>(() => blocked);
        await Assert.ThrowsAsync<TimeoutException>(() => behind);
        silo.Probe.Open("gate");
        await silo.Probe.SeenAsync("blocked ends");
        Assert.Equal(1, await grain.Add(1));
        Assert.Equal(0, silo.Probe.Count("behind begins"));
    }
}
