namespace Orleans.Runtime;

/// <summary>What the runtime knows about one activation.</summary>
public interface IGrainContext
{
    GrainId GrainId { get; }

    IServiceProvider ActivationServices { get; }
}
