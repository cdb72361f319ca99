namespace Scheduler.Embedded.Orleans.Tests.Timers;

public interface ITimerGrain : IGrainWithStringKey
{
    Task Start(TimeSpan dueTime, TimeSpan period, bool interleave, bool keepAlive, string? gate);

    Task Change(TimeSpan dueTime, TimeSpan period);

    Task Stop();

    Task Wait(string gate);

    Task<int> Ticks();
}

[GrainType("timer")]
public sealed class TimerGrain(Probe probe) : Grain, ITimerGrain
{
    private IGrainTimer? _timer;
    private int _ticks;

    public Task Start(TimeSpan dueTime, TimeSpan period, bool interleave, bool keepAlive, string? gate)
    {
        var options = new GrainTimerCreationOptions { DueTime = dueTime, Period = period, Interleave = interleave, KeepAlive = keepAlive };
        _timer = gate is null ? this.RegisterGrainTimer(_ => Tick(null), options) : this.RegisterGrainTimer((state, _) => Tick(state), gate, options);
        return Task.CompletedTask;
    }

    public Task Change(TimeSpan dueTime, TimeSpan period)
    {
        _timer!.Change(dueTime, period);
        return Task.CompletedTask;
    }

    public Task Stop()
    {
        _timer!.Dispose();
        return Task.CompletedTask;
    }

    public async Task Wait(string gate)
    {
        probe.Note("call begins");
        await probe.PassAsync(gate);
        probe.Note("call ends");
    }

    public Task<int> Ticks() => Task.FromResult(_ticks);

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        probe.Note("left");
        return Task.CompletedTask;
    }

    private async Task Tick(string? gate)
    {
        _ticks++;
        probe.Note("tick begins");
        if (gate is "fail") throw new InvalidOperationException("A bad tick.");
        if (gate is not null) await probe.PassAsync(gate);
        probe.Note("tick ends");
    }
}

public interface IReminderGrain : IGrainWithStringKey
{
    Task Register(string name, TimeSpan dueTime, TimeSpan period);

    Task<bool> Has(string name);

    Task Unregister(string name);
}

[GrainType("reminded")]
public sealed class ReminderGrain(Probe probe) : Grain, IReminderGrain, IRemindable
{
    public Task Register(string name, TimeSpan dueTime, TimeSpan period) => this.RegisterOrUpdateReminder(name, dueTime, period);

    public async Task<bool> Has(string name) => await this.GetReminder(name) is { } reminder && reminder.ReminderName == name;

    public async Task Unregister(string name)
    {
        if (await this.GetReminder(name) is { } reminder) await this.UnregisterReminder(reminder);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        probe.Note($"{reminderName} at {status.CurrentTickTime:HH:mm:ss}, first at {status.FirstTickTime:HH:mm:ss}, every {status.Period}");
        return Task.CompletedTask;
    }
}
