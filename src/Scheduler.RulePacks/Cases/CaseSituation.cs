using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.RulePacks.Reading;

namespace Scheduler.RulePacks.Cases;

/// <summary>
/// The debtor and the contact that a case describes. Whatever a case does not say is lawful and boring: consent for every channel, a
/// confirmed personal mobile, one account A in third-party collection, the notices carried, nothing in the history.
/// </summary>
internal sealed class CaseSituation
{
    private static readonly Instant LongAgo = Instant.FromUtc(2026, 1, 5, 15, 0);

    private readonly List<ConsentFact> _consents = [];
    private readonly List<ContactRecord> _contacts = [];
    private readonly List<(ContactRecord Contact, PartyRole With)> _shared = [];
    private readonly List<Hold> _holds = [];
    private readonly List<Promise> _promises = [];
    private readonly List<Account> _accounts = [];
    private readonly List<LocationEvidence> _locations = [];
    private ContactPoint _point;
    private DebtorProfile _profile = DebtorProfile.Empty;
    private ImmutableArray<string> _notices = ["OPT_OUT"];

    public CaseSituation(PackCase row, PolicySnapshot policy)
    {
        _point = new ContactPoint
        {
            Id = new PointId("p1"),
            Kind = PointKind.Mobile,
            Address = "handle",
            Place = PointPlace.Personal,
            Status = PointStatus.Confirmed,
        };
        _accounts.Add(AccountOf("A"));
        foreach (var evidence in Parts(row.Place)) ReadPlace(evidence);
        Candidates = policy.Zones.Resolve(DebtorProfile.Empty with { Locations = [.. _locations] }, [_point]);
        At = CaseTime.Read(row.At, Candidates.Shown);
        _point = _point with { ConfirmedAt = At - Duration.FromDays(10) };
        _consents.Add(new ConsentFact { Id = "k0", Kind = ConsentKind.Granted, GivenAt = At < LongAgo ? At - Duration.FromDays(300) : LongAgo, GivenDirectly = true, Instrument = ConsentInstrument.Separate });
        ReadContact(row.Contact);
        var facts = new CaseFacts(this);
        foreach (var fact in Parts(row.Given)) facts.Read(fact);
    }

    public ZoneCandidates Candidates { get; }

    public Instant At { get; }

    public ContactChannel Channel { get; private set; }

    public ContactPurpose Purpose { get; private set; } = ContactPurpose.Collection;

    public PartyRole Role { get; private set; } = PartyRole.Principal;

    public PlacementMode Mode { get; set; }

    /// <summary>Null: nobody says whether the message also offers something.</summary>
    public bool? Promotes { get; set; } = false;

    /// <summary>The rules of platforms are asked too; else only laws.</summary>
    public bool PlatformsBind { get; set; }

    /// <summary>The policy as the case asks it.</summary>
    public PolicySnapshot Asked(PolicySnapshot policy) => PlatformsBind ? policy : policy.WithoutPlatforms();

    public string InReplyTo { get; private set; } = "";

    public ImmutableArray<string> About { get; private set; } = ["A"];

    public PolicyQuestion Question() => new()
    {
        Debtor = Debtor(),
        Channel = Channel,
        Point = _point,
        Accounts = [.. About.Select(id => _accounts.Single(account => account.Id.Value == id))],
        At = At,
        Purpose = Purpose,
        Mode = Mode,
        Role = Role,
        Notices = _notices,
        Promotes = Promotes,
        InReplyTo = InReplyTo,
        Shared = [.. _shared.Select(one => SharedOf(one.Contact, one.With))],
    };

    public void Add(ConsentFact fact) => _consents.Add(fact);

    public void RemoveConsent(ContactChannel channel) =>
        _consents[0] = _consents[0] with { Channels = (_consents[0].Channels.IsEmpty ? ChannelSet.All : _consents[0].Channels).Except(ChannelSet.Of(channel)) };

    public void Add(ContactRecord contact) => _contacts.Add(contact);

    /// <summary>A contact with the spouse, or with another debtor of the accounts.</summary>
    public void Add(ContactRecord contact, PartyRole with) => _shared.Add((contact, with));

    public void Add(Hold hold) => _holds.Add(hold);

    public void Add(Promise promise) => _promises.Add(promise);

    public void Change(Func<ContactPoint, ContactPoint> change) => _point = change(_point);

    public void Change(Func<DebtorProfile, DebtorProfile> change) => _profile = change(_profile);

    public void ChangeAccount(string id, Func<Account, Account> change)
    {
        var index = _accounts.FindIndex(account => account.Id.Value == id);
        if (index < 0) _accounts.Add(change(AccountOf(id)));
        else _accounts[index] = change(_accounts[index]);
    }

    public void Carry(ImmutableArray<string> notices) => _notices = notices;

    private DebtorState Debtor() => new()
    {
        Key = new DebtorKey("t", "d1"),
        Profile = _profile with { Locations = [.. _locations] },
        Points = [_point],
        Accounts = [.. _accounts],
        Consents = [.. _consents],
        Contacts = [.. _contacts.OrderBy(contact => contact.PlacedAt)],
        Holds = [.. _holds],
        Promises = [.. _promises],
    };

    private SharedContact SharedOf(ContactRecord contact, PartyRole with) => new(contact, Debts(contact.Accounts), Debts(contact.Discussed), with == PartyRole.Spouse);

    private ImmutableArray<string> Debts(ImmutableArray<AccountId> ids) =>
        [.. ids.SelectMany(id => new[] { id.Value, _accounts.Find(account => account.Id == id)?.DebtKey ?? "" }).Where(debt => debt.Length > 0).Distinct()];

    private static Account AccountOf(string id) => new()
    {
        Id = new AccountId(id),
        CreditorId = "lender",
        Collector = CollectorKind.ThirdParty,
        Product = "credit_card",
        Stage = AccountStage.InCollection,
        ContractOn = new LocalDate(2024, 1, 15),
        IsConsumer = true,
        IsTimeBarred = false,
    };

    private static string[] Parts(string text) => text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private void ReadPlace(string text)
    {
        if (text is "unknown") return;
        if (text is "50 states")
        {
            foreach (var state in States) _locations.Add(new("US", state, "", "", "", LocationSource.Imported, null));
        }
        else if (text.StartsWith("zone ", StringComparison.Ordinal)) _locations.Add(new("", "", "", "", text[5..], LocationSource.Debtor, null));
        else if (text.StartsWith("phone +", StringComparison.Ordinal)) _point = _point with { Address = $"{text[6..]}5550100" };
        else if (text.StartsWith("postal ", StringComparison.Ordinal) && text.Length > 10) _locations.Add(new(text[7..9], "", "", text[10..], "", LocationSource.Residence, null));
        else if (text.Length > 3 && text[2] == '-' && text.IndexOf('/', StringComparison.Ordinal) is > 3 and var slash)
        {
            _locations.Add(new(text[..2], text[3..slash], text[(slash + 1)..], "", "", LocationSource.Residence, null));
        }
        else if (text.Length > 3 && text[2] == '-') _locations.Add(new(text[..2], text[3..], "", "", "", LocationSource.Residence, null));
        else if (text.Length == 2) _locations.Add(new(text, "", "", "", "", LocationSource.Residence, null));
        else throw new FormatException($"'{text}' is not a place.");
    }

    private void ReadContact(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (!Words.TryParse<ContactChannel>(words[0], out var channel)) throw new FormatException($"'{words[0]}' is not a channel.");
        Channel = channel;
        Mode = channel is ContactChannel.Call or ContactChannel.Visit or ContactChannel.Letter ? PlacementMode.Preview : PlacementMode.Automated;
        for (var index = 1; index < words.Length; index++)
        {
            if (Words.TryParse<ContactPurpose>(words[index], out var purpose)) Purpose = purpose;
            else if (words[index] == "to" && Words.TryParse<PartyRole>(words[++index], out var role)) Role = role;
            else if (words[index] == "about") About = [.. words[++index].Split(',')];
            else if (words[index] == "answering") InReplyTo = words[++index];
            else if (words[index] == "placed" && Words.TryParse<PlacementMode>(words[++index], out var mode)) Mode = mode;
            else throw new FormatException($"'{words[index]}' is not known in '{text}'.");
        }
    }

    private static readonly ImmutableArray<string> States =
    [
        "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO",
        "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY",
    ];
}
