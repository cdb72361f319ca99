using System.Globalization;
using Google.Type;
using NodaTime;
using NodaTime.Text;
using Scheduler.V1;

namespace Scheduler.Cli.Importing;

/// <summary>One row mapped: an entry to send, or a row left out by the profile (no entry, no faults), or a reject with its faults.</summary>
internal sealed record MappedRow(long RowNumber, string RowId, DebtorEntry? Entry, IReadOnlyList<FieldFault> Faults);

/// <summary>Turns rows into debtor entries by a profile, and collects every fault of a row before it gives the row up.</summary>
internal sealed class EntryMapper(MappingScope scope)
{
    public MappedRow Map(long rowNumber, IReadOnlyList<string> row)
    {
        scope.Begin(row);
        scope.Field = "keep";
        if (scope.Faults.Count == 0 && scope.Profile.Keep is { } keep && !keep.Holds(scope) && scope.Faults.Count == 0)
            return new(rowNumber, scope.RowId, null, []);
        var entry = Entry(scope.Profile);
        return new(rowNumber, scope.RowId, scope.Faults.Count == 0 ? entry : null, [.. scope.Faults]);
    }

    private DebtorEntry Entry(MappingProfile profile)
    {
        var debtor = profile.Debtor;
        var entry = new DebtorEntry { DebtorId = Required(debtor, "id"), SourceVersion = SourceVersion(debtor), Profile = Person(debtor) };
        foreach (var section in Present(profile.Locations)) entry.Profile.Locations.Add(Location(section));
        foreach (var section in Present(profile.Points))
        {
            entry.ContactPoints ??= new ContactPointList();
            entry.ContactPoints.Points.Add(Point(section));
        }

        foreach (var section in Present(profile.Accounts)) entry.Accounts.Add(Account(section));
        foreach (var section in Present(profile.Consents)) entry.Consents.Add(Consent(section));
        return entry;
    }

    // The as-of date is the version by default: the same file imported again on the same day changes nothing, a later extract does.
    private long SourceVersion(SectionMapping debtor)
    {
        var text = debtor.Text("source_version", scope);
        if (text.Length == 0) text = LocalDatePattern.CreateWithInvariantCulture("yyyyMMdd").Format(scope.AsOf);
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0) return version;
        scope.Fault($"'{text}' is not a whole number greater than zero");
        return 0;
    }

    private DebtorProfile Person(SectionMapping debtor)
    {
        var person = new DebtorProfile
        {
            Language = debtor.Text("language", scope),
            LanguageRequested = Flag(debtor, "language_requested") ?? false,
            Minor = Flag(debtor, "minor") ?? false,
            EmployerForbidsContact = Flag(debtor, "employer_forbids_contact") ?? false,
        };
        if (Number(debtor, "risk_score") is { } risk) person.RiskScore = (double)risk;
        person.Tags.AddRange(Words(debtor, "tags"));
        return person;
    }

    private LocationEvidence Location(SectionMapping section) => new()
    {
        CountryCode = Required(section, "country"),
        RegionCode = section.Text("region", scope),
        MunicipalityCode = section.Text("municipality", scope),
        PostalCode = section.Text("postal_code", scope),
        ZoneId = section.Text("zone", scope),
        Source = Word(section, "source", LocationSource.Imported),
    };

    private ContactPoint Point(SectionMapping section)
    {
        var point = new ContactPoint
        {
            PointId = Required(section, "id"),
            Kind = Word<PointKind>(section, "kind"),
            Address = Required(section, "address"),
            Place = Word<PointPlace>(section, "place"),
            Status = Word<PointStatus>(section, "status"),
            ObtainedFrom = section.Text("obtained_from", scope),
            Agreed = Flag(section, "agreed") ?? false,
        };
        if (Day(section, "confirmed") is { } confirmed) point.ConfirmedTime = ProtocolValues.ToTimestamp(Start(confirmed));
        if (Day(section, "reassignment_checked") is { } check) point.ReassignmentCheckedTime = ProtocolValues.ToTimestamp(Start(check));
        point.Channels.AddRange(Channels(section, "channels"));
        return point;
    }

    private Account Account(SectionMapping section)
    {
        var currency = Required(section, "currency");
        var account = new Account
        {
            AccountId = Required(section, "id"),
            CreditorId = Required(section, "creditor"),
            CollectorKind = Word<CollectorKind>(section, "collector"),
            PartyRole = Word(section, "role", PartyRole.Principal),
            CountingDebtKey = section.Text("debt_key", scope),
            Product = section.Text("product", scope),
            Balance = Money(section, "balance", currency),
            BalanceTime = ProtocolValues.ToTimestamp(Start(scope.AsOf)),
            Stage = Word<AccountStage>(section, "stage"),
            StrategyId = section.Text("strategy", scope),
            PortfolioId = section.Text("portfolio", scope),
        };
        if (Flag(section, "consumer_purpose") is { } consumer) account.ConsumerPurpose = consumer;
        if (Flag(section, "time_barred") is { } timeBarred) account.TimeBarred = timeBarred;
        if (Day(section, "oldest_due_date") is { } due) account.OldestDueDate = ProtocolValues.ToDate(due);
        if (Day(section, "contract_date") is { } signed) account.ContractDate = ProtocolValues.ToDate(signed);
        account.Tags.AddRange(Words(section, "tags"));
        return account;
    }

    private ConsentFact Consent(SectionMapping section)
    {
        var consent = new ConsentFact
        {
            ConsentId = Required(section, "id"),
            Kind = Word<ConsentKind>(section, "kind"),
            CreditorId = section.Text("creditor", scope),
            Method = section.Text("method", scope),
            Instrument = Word<ConsentInstrument>(section, "instrument"),
            WordingVersion = section.Text("wording", scope),
            EvidenceRef = section.Text("evidence", scope),
            GivenDirectly = Flag(section, "given_directly") ?? false,
            OwnInitiative = Flag(section, "own_initiative") ?? false,
        };
        if (Day(section, "given") is { } given) consent.GivenTime = ProtocolValues.ToTimestamp(Start(given));
        if (Day(section, "expires") is { } end) consent.ExpireTime = ProtocolValues.ToTimestamp(Start(end));
        consent.Channels.AddRange(Channels(section, "channels"));
        consent.PointIds.AddRange(Words(section, "points"));
        foreach (var word in Words(section, "purposes"))
        {
            if (FieldWords.TryParse<ContactPurpose>(word, out var purpose)) consent.Purposes.Add(purpose);
            else scope.Fault($"'{word}' is none of {FieldWords.All<ContactPurpose>()}");
        }

        return consent;
    }

    private List<SectionMapping> Present(IEnumerable<SectionMapping> sections)
    {
        List<SectionMapping> present = [];
        foreach (var section in sections)
        {
            scope.Field = $"{section.Path}.when";
            if (section.When is null || section.When.Holds(scope)) present.Add(section);
        }

        return present;
    }

    private string Required(SectionMapping section, string field)
    {
        var before = scope.Faults.Count;
        var text = section.Text(field, scope);
        if (text.Length == 0 && scope.Faults.Count == before) scope.Fault("is empty");
        return text;
    }

    private static Instant Start(LocalDate date) => date.AtMidnight().InUtc().ToInstant();

    private string[] Words(SectionMapping section, string field) =>
        section.Text(field, scope).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private List<ContactChannel> Channels(SectionMapping section, string field)
    {
        List<ContactChannel> channels = [];
        foreach (var word in Words(section, field))
        {
            if (FieldWords.TryParse<ContactChannel>(word, out var channel)) channels.Add(channel);
            else scope.Fault($"'{word}' is none of {FieldWords.All<ContactChannel>()}");
        }

        return channels;
    }

    private T Word<T>(SectionMapping section, string field, T fallback = default)
        where T : struct, System.Enum
    {
        var word = section.Text(field, scope);
        if (word.Length == 0) return fallback;
        if (FieldWords.TryParse<T>(word, out var value)) return value;
        scope.Fault($"'{word}' is none of {FieldWords.All<T>()}");
        return fallback;
    }

    private bool? Flag(SectionMapping section, string field)
    {
        var text = section.Text(field, scope);
        if (text.Length == 0) return null;
        if (bool.TryParse(text, out var flag)) return flag;
        scope.Fault($"'{text}' is neither true nor false");
        return null;
    }

    private decimal? Number(SectionMapping section, string field)
    {
        var text = section.Text(field, scope);
        if (text.Length == 0) return null;
        if (decimal.TryParse(text, NumberStyles.Number | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)) return number;
        scope.Fault($"'{text}' is not a number");
        return null;
    }

    private Money? Money(SectionMapping section, string field, string currency)
    {
        var before = scope.Faults.Count;
        if (Number(section, field) is not { } amount)
        {
            if (field == "balance" && scope.Faults.Count == before) scope.Fault("is empty");
            return null;
        }

        if (amount >= 0 && amount <= long.MaxValue) return ProtocolValues.ToMoney(amount, currency);
        scope.Fault(amount < 0 ? "must not be negative" : "is too large");
        return null;
    }

    private LocalDate? Day(SectionMapping section, string field)
    {
        var text = section.Text(field, scope);
        if (text.Length == 0) return null;
        if (LocalDatePattern.Iso.Parse(text) is { Success: true } date) return date.Value;
        scope.Fault($"'{text}' is not a date (yyyy-mm-dd)");
        return null;
    }
}
