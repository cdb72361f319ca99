namespace Orleans.Turns;

/// <summary>A call of a method that returns <see cref="Task"/>.</summary>
internal abstract class TaskCall : Invocation<Unit>
{
    private static readonly Action<Task, object?> Ended = static (task, call) => ((TaskCall)call!).OnEnded(task);

    protected abstract Task Invoke(object grain);

    protected sealed override void Run(Activation activation)
    {
        var task = Invoke(activation.Grain);
        if (task.IsCompletedSuccessfully) End(activation, default(Unit));
        else if (task.IsCompleted) End(activation, task);
        else _ = task.ContinueWith(Ended, this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, activation);
    }

    private void OnEnded(Task task)
    {
        var activation = (Activation)TaskScheduler.Current;
        if (task.IsCompletedSuccessfully) End(activation, default(Unit));
        else End(activation, task);
    }
}

/// <summary>A call of a method that returns <see cref="Task{TResult}"/>.</summary>
internal abstract class TaskCall<TResult> : Invocation<TResult>
{
    private static readonly Action<Task<TResult>, object?> Ended = static (task, call) => ((TaskCall<TResult>)call!).OnEnded(task);

    protected abstract Task<TResult> Invoke(object grain);

    protected sealed override void Run(Activation activation)
    {
        var task = Invoke(activation.Grain);
        if (task.IsCompletedSuccessfully) End(activation, task.GetAwaiter().GetResult());
        else if (task.IsCompleted) End(activation, (Task)task);
        else _ = task.ContinueWith(Ended, this, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, activation);
    }

    private void OnEnded(Task<TResult> task)
    {
        var activation = (Activation)TaskScheduler.Current;
        if (task.IsCompletedSuccessfully) End(activation, task.GetAwaiter().GetResult());
        else End(activation, (Task)task);
    }
}

/// <summary>A call of a method that returns <see cref="ValueTask"/>.</summary>
internal abstract class ValueTaskCall : TaskCall
{
    protected abstract ValueTask InvokeValue(object grain);

    protected sealed override Task Invoke(object grain)
    {
        var task = InvokeValue(grain);
        if (!task.IsCompletedSuccessfully) return task.AsTask();
        task.GetAwaiter().GetResult();
        return System.Threading.Tasks.Task.CompletedTask;
    }
}

/// <summary>A call of a method that returns <see cref="ValueTask{TResult}"/>.</summary>
internal abstract class ValueTaskCall<TResult> : TaskCall<TResult>
{
    protected abstract ValueTask<TResult> InvokeValue(object grain);

    protected sealed override Task<TResult> Invoke(object grain) => InvokeValue(grain).AsTask();
}
