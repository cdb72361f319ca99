namespace Scheduler.Storage.Codec;

/// <summary>Bytes of a stored state are not what a writer of states writes: cut off, changed, or of another kind. The message tells nothing of what they hold.</summary>
public sealed class UnreadableBytesException(string message, Exception? innerException = null) : FormatException(message, innerException);
