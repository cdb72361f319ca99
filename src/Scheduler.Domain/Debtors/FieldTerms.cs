namespace Scheduler.Domain.Debtors;

/// <summary>The medium as the law sees it. Numbers are those of the protocol.</summary>
public enum ContactChannel : byte
{
    Unknown = 0, Whatsapp = 1, Sms = 2, Call = 3, Ivr = 4, VoicemailDrop = 5, Email = 6, Push = 7,
    Inbox = 8, Chat = 9, Social = 10, Rcs = 11, Letter = 12, Visit = 13,
}

/// <summary>Who places the contact. Unknown is treated as automated by every rule that asks.</summary>
public enum PlacementMode : byte { Unknown = 0, Automated = 1, Preview = 2, Progressive = 3, Predictive = 4 }

/// <summary>Why we contact; consent, rules and exceptions filter on it.</summary>
public enum ContactPurpose : byte
{
    Unknown = 0, Collection = 1, Preventive = 2, PromiseReminder = 3, ConsentRequest = 4, RequestedInformation = 5,
    Reply = 6, RequestedCallback = 7, RequiredNotice = 8, Survey = 9, Education = 10, Marketing = 11, LocationInformation = 12,
}

/// <summary>What the person is to the account.</summary>
public enum PartyRole : byte
{
    Unknown = 0, Principal = 1, CoDebtor = 2, Guarantor = 3, Spouse = 4, Representative = 5, Attorney = 6, Reference = 7, ThirdParty = 8,
}

/// <summary>In what capacity the tenant collects. Unknown makes every rule bind that depends on it.</summary>
public enum CollectorKind : byte { Unknown = 0, Creditor = 1, Servicer = 2, ThirdParty = 3, DebtBuyer = 4 }

/// <summary>What kind of address a contact point is.</summary>
public enum PointKind : byte { Unknown = 0, Mobile = 1, Landline = 2, Phone = 3, Email = 4, Device = 5, Handle = 6, Postal = 7 }

/// <summary>Where a contact point rings. Unknown is treated as the strictest that applies.</summary>
public enum PointPlace : byte { Unknown = 0, Personal = 1, Home = 2, Work = 3, ThirdParty = 4 }

/// <summary>How sure we are that a point belongs to the debtor. The last three are closed.</summary>
public enum PointStatus : byte { Unknown = 0, Unverified = 1, Confirmed = 2, WrongPerson = 3, Unreachable = 4, Reassigned = 5 }

/// <summary>Where an account stands. Unknown is treated as in collection.</summary>
public enum AccountStage : byte { Unknown = 0, Current = 1, Overdue = 2, InCollection = 3, ChargedOff = 4, Judicial = 5, Cured = 6 }

/// <summary>Why an account left.</summary>
public enum CloseReason : byte { Unknown = 0, Paid = 1, Settled = 2, Recalled = 3, Sold = 4, WrittenOff = 5, Discharged = 6, NotOwed = 7 }

/// <summary>Where a hint of the debtor's place comes from.</summary>
public enum LocationSource : byte { Unknown = 0, Debtor = 1, Residence = 2, Mailing = 3, PhonePrefix = 4, Imported = 5 }

/// <summary>What a hold is for. What each kind still allows is the packs' affair.</summary>
public enum HoldKind : byte
{
    Unknown = 0, Dispute = 1, Hardship = 2, Bankruptcy = 3, Deceased = 4, Represented = 5, Cease = 6, Litigation = 7,
    PaymentClaimed = 8, Complaint = 9, Identity = 10, Operator = 11,
}

/// <summary>State of a promise to pay.</summary>
public enum PromiseState : byte { Unknown = 0, Pending = 1, Kept = 2, Broken = 3, Cancelled = 4 }

/// <summary>Whole-life phase of a debtor; sums over it are the conservation check.</summary>
public enum DebtorPhase : byte { Unknown = 0, Waiting = 1, Ready = 2, Leased = 3, Held = 4, Blocked = 5, Finished = 6, Quarantined = 7, Erased = 8 }

/// <summary>A set of contact channels. The default is the empty set.</summary>
public readonly record struct ChannelSet(ushort Bits)
{
    public static readonly ChannelSet All = new(0b0011_1111_1111_1110);

    public static ChannelSet Of(params ReadOnlySpan<ContactChannel> channels)
    {
        var bits = 0;
        foreach (var channel in channels) bits |= 1 << (int)channel;
        return new((ushort)(bits & All.Bits));
    }

    public bool IsEmpty => Bits == 0;

    public bool Contains(ContactChannel channel) => channel != ContactChannel.Unknown && (Bits & (1 << (int)channel)) != 0;

    public ChannelSet Except(ChannelSet other) => new((ushort)(Bits & ~other.Bits));

    public ChannelSet Union(ChannelSet other) => new((ushort)(Bits | other.Bits));
}

/// <summary>An amount in minor units of an ISO 4217 currency (indexed units included). Zero decimals or four, the currency decides.</summary>
public readonly record struct Amount(string Currency, long Units, int Nanos);
