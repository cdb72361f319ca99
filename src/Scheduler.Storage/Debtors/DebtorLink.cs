namespace Scheduler.Storage;

/// <summary>What a link's key is. The numbers are stored.</summary>
public enum LinkKind
{
    None = 0,

    /// <summary>Account id: lets a close or a payment name the account alone. Co-debtors share one.</summary>
    Account = 1,

    /// <summary>A provider's id of a placed contact: lets a receipt find its debtor.</summary>
    ProviderContact = 2,

    /// <summary>Keyed digest of an address: inbound contacts, stops, wrong numbers.</summary>
    AddressDigest = 3,

    /// <summary>Key of a debt that several accounts share; an account's own id is its debt's key where none was given.</summary>
    CountingDebt = 8,

    /// <summary>Id of a contact of the debtor of which nobody knows how it went: the list of those.</summary>
    Unresolved = 9,

    /// <summary>Why the debtor was taken out of work, and since when: the list of those.</summary>
    Quarantined = 10,
}

/// <summary>A way to find a debtor by something else than its id; kept in the debtor's own transaction.</summary>
public readonly record struct DebtorLink(LinkKind Kind, string Key);

/// <summary>A link as it is listed.</summary>
public readonly record struct LinkRow(string Key, DebtorKey Debtor);
