using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Attempts;

/// <summary>An operator says how a contact went of which its gateway is silent.</summary>
/// <param name="Reason">On what ground; no personal data.</param>
public sealed record ResolveCommand(DispatchId Dispatch, ContactResolution Resolution, string ActorId, string Reason);

/// <summary>What somebody found out about such a contact.</summary>
public enum ContactResolution : byte
{
    Unknown = 0,

    /// <summary>Never placed: nothing counts.</summary>
    NotPlaced = 1,

    /// <summary>Placed, and reached nobody: an attempt.</summary>
    NotReached = 2,

    /// <summary>It reached the debtor's device or mailbox, or a message was left; nobody spoke.</summary>
    Delivered = 3,

    /// <summary>Two people spoke or wrote with each other.</summary>
    Conversation = 4,
}

/// <summary>Answer to it.</summary>
public sealed record ResolveReply(ApplyState State, Refusal? Refusal);
