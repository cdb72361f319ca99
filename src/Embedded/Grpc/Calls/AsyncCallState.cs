namespace Grpc.Core;

/// <summary>What the four call types show of the call behind them.</summary>
internal abstract class AsyncCallState : IDisposable
{
    public abstract Task<Metadata> ResponseHeadersAsync { get; }

    public abstract Status GetStatus();

    public abstract Metadata GetTrailers();

    public abstract void Dispose();

    /// <summary>The state of a call that a test or an interceptor makes up from delegates.</summary>
    public sealed class Delegates(Task<Metadata> headers, Func<Status> getStatus, Func<Metadata> getTrailers, Action dispose)
        : AsyncCallState
    {
        public override Task<Metadata> ResponseHeadersAsync => headers;

        public override Status GetStatus() => getStatus();

        public override Metadata GetTrailers() => getTrailers();

        public override void Dispose() => dispose();
    }
}
