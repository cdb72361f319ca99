namespace Scheduler.Storage;

/// <summary>Storage could not do it, and nothing was applied: the caller may try again later.</summary>
[GenerateSerializer]
public sealed class StorageUnavailableException(string message, Exception? innerException = null)
    : OrleansException(message, innerException);

/// <summary>The write may or may not have been applied. The row's write id tells, once it can be read.</summary>
[GenerateSerializer]
public sealed class StorageOutcomeUnknownException(string message, Exception? innerException = null)
    : OrleansException(message, innerException);
