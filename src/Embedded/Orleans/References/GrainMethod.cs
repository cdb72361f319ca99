namespace Orleans.References;

/// <summary>What the runtime must know about one method of a grain interface.</summary>
internal sealed record GrainMethod(string Name, bool Interleaves, bool IsOneWay);
