namespace Orleans.Runtime;

/// <summary>Base of the runtime's exceptions, and of every storage exception of ours, so that the runtime passes them on unwrapped.</summary>
public class OrleansException : Exception
{
    public OrleansException() { }

    public OrleansException(string message) : base(message) { }

    public OrleansException(string message, Exception? innerException) : base(message, innerException) { }
}
