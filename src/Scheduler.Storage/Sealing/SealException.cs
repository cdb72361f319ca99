namespace Scheduler.Storage.Sealing;

/// <summary>Something sealed cannot be opened: its key is not in the ring, or its bytes were changed.</summary>
[GenerateSerializer]
public sealed class SealException(string message, Exception? innerException = null) : OrleansException(message, innerException);

/// <summary>The key file is not what it must be. The message names no secret.</summary>
public sealed class KeyFileException(string message, Exception? innerException = null) : Exception(message, innerException);
