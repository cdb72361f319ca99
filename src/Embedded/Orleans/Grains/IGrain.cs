namespace Orleans.Runtime
{
    /// <summary>Anything with a grain id: a grain or a reference to one.</summary>
    public interface IAddressable;
}

namespace Orleans
{
    /// <summary>Marks a grain interface.</summary>
    public interface IGrain : IAddressable;

    /// <summary>A grain interface whose keys are strings.</summary>
    public interface IGrainWithStringKey : IGrain;

    /// <summary>A grain interface whose keys are integers.</summary>
    public interface IGrainWithIntegerKey : IGrain;
}
