namespace Orleans
{
    /// <summary>Something that starts and stops with a stage.</summary>
    public interface ILifecycleObserver
    {
        Task OnStart(CancellationToken cancellationToken = default);

        Task OnStop(CancellationToken cancellationToken = default);
    }

    /// <summary>Stages that observers subscribe to: starting goes up, stopping goes down.</summary>
    public interface ILifecycleObservable
    {
        IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer);
    }

    /// <summary>A service that subscribes itself when the lifecycle begins.</summary>
    public interface ILifecycleParticipant<TLifecycleObservable>
        where TLifecycleObservable : ILifecycleObservable
    {
        void Participate(TLifecycleObservable lifecycle);
    }

    /// <summary>The stages of a silo.</summary>
    public static class ServiceLifecycleStage
    {
        public const int First = int.MinValue;
        public const int RuntimeInitialize = 2_000;
        public const int RuntimeServices = 4_000;
        public const int RuntimeStorageServices = 6_000;
        public const int RuntimeGrainServices = 8_000;
        public const int ApplicationServices = 10_000;
        public const int BecomeActive = Active - 1;
        public const int Active = 20_000;
        public const int Last = int.MaxValue;

        /// <summary>Activations leave memory here: after everything above has stopped, before the storage stops.</summary>
        internal const int GrainDeactivation = BecomeActive - 1;
    }
}

namespace Orleans.Runtime
{
    /// <summary>The lifecycle of the silo, from the host's start to its stop.</summary>
    public interface ISiloLifecycle : ILifecycleObservable;
}
