using System.Diagnostics;
using Orleans.References;

namespace Orleans.Turns;

/// <summary>
/// One call of a grain method: the request, its place in the mailbox and the promise of its answer in one object.
/// Generated classes add the arguments.
/// </summary>
internal abstract class Invocation<TResult>() : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously), ITurn
{
    private GrainReference _target = null!;
    private GrainMethod _method = null!;
    private Ambient? _ambient;

    public bool Interleaves => _method.Interleaves;

    public bool IsAbandoned => Task.IsCompleted;

    public bool IsAwaited => !_method.IsOneWay;

    public long SentAt { get; private set; }

    public bool KeepsAlive => true;

    public void Prepare(GrainReference target, GrainMethod method, long sentAt)
    {
        _target = target;
        _method = method;
        SentAt = sentAt;
        _ambient = Ambient.Capture();
    }

    public void Start(Activation activation)
    {
        try
        {
            _ambient?.Enter();
            Run(activation);
        }
        catch (Exception exception)
        {
            // Whatever a grain throws belongs to its caller.
            End(activation, exception);
        }
    }

    public void Redirect() => _target.Deliver(this);

    public void Fail(Exception exception)
    {
        if (IsAwaited) TrySetException(exception);
        else _target.LogOneWayFailure(_method, exception);
    }

    public override string ToString() => _target.Describe(_method);

    /// <summary>Calls the grain and, once its task has ended, one of the two <c>End</c> methods.</summary>
    protected abstract void Run(Activation activation);

    protected void End(Activation activation, TResult result)
    {
        TrySetResult(result);
        activation.EndTurn(this);
    }

    protected void End(Activation activation, Exception exception)
    {
        // Asked for before the caller learns of it: the caller's next call meets a fresh activation.
        if (exception is Storage.InconsistentStateException)
        {
            activation.Close(new DeactivationReason(DeactivationReasonCode.ApplicationError, exception, "The stored state is not the one this activation read."));
        }

        Fail(exception);
        activation.EndTurn(this);
    }

    protected void End(Activation activation, Task task)
    {
        if (task.IsCanceled) End(activation, CancellationOf(task));
        else End(activation, task.Exception!.InnerExceptions[0]);
    }

    private static OperationCanceledException CancellationOf(Task task)
    {
        try
        {
#pragma warning disable VSTHRD002 // The task has ended: this only throws what it ended with, which it tells in no other way.
            task.GetAwaiter().GetResult();
#pragma warning restore VSTHRD002
            throw new UnreachableException();
        }
        catch (OperationCanceledException exception)
        {
            return exception;
        }
    }
}
