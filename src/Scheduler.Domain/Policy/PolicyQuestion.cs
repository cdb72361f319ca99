using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Debtors;

namespace Scheduler.Domain.Policy;

/// <summary>"May this debtor be contacted so, at this instant?" Everything the rules may look at.</summary>
public readonly ref struct PolicyQuestion
{
    public required DebtorState Debtor { get; init; }

    public required ContactChannel Channel { get; init; }

    public required ContactPoint Point { get; init; }

    /// <summary>Accounts to be spoken of, all of one creditor. A rule that governs an account or a debt is asked for each.</summary>
    public required ImmutableArray<Account> Accounts { get; init; }

    public required Instant At { get; init; }

    public ContactPurpose Purpose { get; init; }

    public PlacementMode Mode { get; init; }

    public PartyRole Role { get; init; }

    /// <summary>Notices that the message will carry ("OPT_OUT"); a rule may demand some.</summary>
    public ImmutableArray<string> Notices { get; init; }

    /// <summary>Whether the message also offers a product or service; null: not known.</summary>
    public bool? Promotes { get; init; }

    /// <summary>The contact is not asked for by a plan but answers this inbound contact of the debtor; empty otherwise.</summary>
    public string InReplyTo { get; init; }

    /// <summary>Contact to leave out when counting: the one that the live lease itself reserved. Empty otherwise.</summary>
    public string ExceptContact { get; init; }

    /// <summary>Contacts with other parties of the debtor's accounts, debts and household; none where the debtor shares nothing.</summary>
    public ImmutableArray<SharedContact> Shared { get; init; }
}
