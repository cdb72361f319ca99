using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Storage.Codec;

/// <content>What is known of the person: points, profile, accounts, consents, holds, promises.</content>
internal ref partial struct StateReader
{
    private static ContactPoint ReadPoint(ref StateReader reader, scoped ref WireFields point) => new()
    {
        Id = reader.Point(ref point, Stored.ContactPoint.IdFieldNumber),
        Kind = (PointKind)point.Byte(Stored.ContactPoint.KindFieldNumber),
        Address = reader._personal.Address(ref point),
        Channels = new ChannelSet((ushort)point.Uint(Stored.ContactPoint.ChannelsFieldNumber)),
        Place = (PointPlace)point.Byte(Stored.ContactPoint.PlaceFieldNumber),
        Status = (PointStatus)point.Byte(Stored.ContactPoint.StatusFieldNumber),
        ObtainedFrom = reader.Word(ref point, Stored.ContactPoint.ObtainedFromFieldNumber),
        ConfirmedAt = Packed.Instant(point.Long(Stored.ContactPoint.ConfirmedAtFieldNumber)),
        ReassignmentCheckedAt = Packed.Instant(point.Long(Stored.ContactPoint.ReassignmentCheckedAtFieldNumber)),
        IsAgreed = point.Flag(Stored.ContactPoint.AgreedFieldNumber),
        RestsUntil = Packed.Instant(point.Long(Stored.ContactPoint.RestsUntilFieldNumber)),
    };

    private static DebtorProfile ReadProfile(ref StateReader reader, scoped ref WireFields profile) => new()
    {
        Locations = reader.ReadAll(ref profile, Stored.DebtorProfile.LocationsFieldNumber, ReadLocation),
        Language = SharedWords.Of(profile.Bytes(Stored.DebtorProfile.LanguageFieldNumber)),
        LanguageRequested = profile.Flag(Stored.DebtorProfile.LanguageRequestedFieldNumber),
        IsMinor = profile.Flag(Stored.DebtorProfile.MinorFieldNumber),
        EmployerForbidsContact = profile.Flag(Stored.DebtorProfile.EmployerForbidsFieldNumber),
        RiskScore = profile.OptionalDouble(Stored.DebtorProfile.RiskScoreFieldNumber),
        Tags = reader.Words(ref profile, Stored.DebtorProfile.TagsFieldNumber),
        SpouseIds = ReadTexts(profile.Elements(Stored.DebtorProfile.SpousesFieldNumber)),
    };

    private static LocationEvidence ReadLocation(ref StateReader reader, scoped ref WireFields location) => new(
        SharedWords.Of(location.Bytes(Stored.Location.CountryFieldNumber)),
        SharedWords.Of(location.Bytes(Stored.Location.RegionFieldNumber)),
        SharedWords.Of(location.Bytes(Stored.Location.MunicipalityFieldNumber)),
        reader._personal.PostalCode(ref location),
        SharedWords.Of(location.Bytes(Stored.Location.ZoneFieldNumber)),
        (LocationSource)location.Byte(Stored.Location.SourceFieldNumber),
        Packed.Instant(location.Long(Stored.Location.ObservedAtFieldNumber)));

    private static Account ReadAccount(ref StateReader reader, scoped ref WireFields account) => new()
    {
        Id = reader.Account(ref account, Stored.Account.IdFieldNumber),
        CreditorId = reader.Word(ref account, Stored.Account.CreditorFieldNumber),
        Collector = (CollectorKind)account.Byte(Stored.Account.CollectorFieldNumber),
        Role = (PartyRole)account.Byte(Stored.Account.RoleFieldNumber),
        DebtKey = reader.Name(ref account, Stored.Account.DebtKeyFieldNumber),
        Product = reader.Word(ref account, Stored.Account.ProductFieldNumber),
        IsConsumer = !account.OptionalFlag(Stored.Account.NotConsumerFieldNumber),
        Balance = reader.Amount(ref account, Stored.Account.BalanceFieldNumber),
        BalanceAt = Packed.Instant(account.Long(Stored.Account.BalanceAtFieldNumber)),
        OldestDueOn = Packed.Date(account.Uint(Stored.Account.OldestDueOnFieldNumber)),
        Stage = (AccountStage)account.Byte(Stored.Account.StageFieldNumber),
        ContractOn = Packed.Date(account.Uint(Stored.Account.ContractOnFieldNumber)),
        IsTimeBarred = account.OptionalFlag(Stored.Account.TimeBarredFieldNumber),
        StrategyId = reader.Word(ref account, Stored.Account.StrategyFieldNumber),
        PortfolioId = reader.Word(ref account, Stored.Account.PortfolioFieldNumber),
        Tags = reader.Words(ref account, Stored.Account.TagsFieldNumber),
        Variables = reader._personal.Variables(ref account),
        EnteredAt = Packed.Required(account.Long(Stored.Account.EnteredAtFieldNumber)),
        Closed = account.Byte(Stored.Account.ClosedFieldNumber) is > 0 and var closed ? (CloseReason)(closed - 1) : null,
    };

    private static ConsentFact ReadConsent(ref StateReader reader, scoped ref WireFields consent) => new()
    {
        Id = consent.Text(Stored.ConsentFact.IdFieldNumber),
        Kind = (ConsentKind)consent.Byte(Stored.ConsentFact.KindFieldNumber),
        Channels = new ChannelSet((ushort)consent.Uint(Stored.ConsentFact.ChannelsFieldNumber)),
        Purposes = ReadPurposes(consent.Numbers(Stored.ConsentFact.PurposesFieldNumber)),
        Points = reader.Points(ref consent, Stored.ConsentFact.PointsFieldNumber),
        CreditorId = reader.Word(ref consent, Stored.ConsentFact.CreditorFieldNumber),
        GivenAt = Packed.Required(consent.Long(Stored.ConsentFact.GivenAtFieldNumber)),
        ExpiresAt = Packed.Instant(consent.Long(Stored.ConsentFact.ExpiresAtFieldNumber)),
        Method = reader.Word(ref consent, Stored.ConsentFact.MethodFieldNumber),
        Instrument = (ConsentInstrument)consent.Byte(Stored.ConsentFact.InstrumentFieldNumber),
        WordingVersion = reader.Word(ref consent, Stored.ConsentFact.WordingVersionFieldNumber),
        EvidenceRef = reader._personal.EvidenceRef(ref consent),
        GivenDirectly = consent.Flag(Stored.ConsentFact.GivenDirectlyFieldNumber),
        Hours = reader.ReadAll(ref consent, Stored.ConsentFact.HoursFieldNumber, ReadHours),
        AlsoOnHolidays = consent.Flag(Stored.ConsentFact.AlsoOnHolidaysFieldNumber),
        IsOwnInitiative = consent.Flag(Stored.ConsentFact.OwnInitiativeFieldNumber),
    };

    private static WeeklyHours ReadHours(ref StateReader reader, scoped ref WireFields hours) => new(
        hours.Byte(Stored.WeeklyHours.DaysFieldNumber), hours.Int(Stored.WeeklyHours.StartMinuteFieldNumber), hours.Int(Stored.WeeklyHours.EndMinuteFieldNumber));

    private static Hold ReadHold(ref StateReader reader, scoped ref WireFields hold) => new()
    {
        Id = hold.Text(Stored.Hold.IdFieldNumber),
        Kind = (HoldKind)hold.Byte(Stored.Hold.KindFieldNumber),
        Accounts = reader.Accounts(ref hold, Stored.Hold.AccountsFieldNumber),
        CreditorId = reader.Word(ref hold, Stored.Hold.CreditorFieldNumber),
        Channels = new ChannelSet((ushort)hold.Uint(Stored.Hold.ChannelsFieldNumber)),
        Start = Packed.Required(hold.Long(Stored.Hold.StartFieldNumber)),
        End = Packed.Instant(hold.Long(Stored.Hold.EndFieldNumber)),
        Method = reader.Word(ref hold, Stored.Hold.MethodFieldNumber),
    };

    private static Promise ReadPromise(ref StateReader reader, scoped ref WireFields promise) => new()
    {
        Id = promise.Text(Stored.Promise.IdFieldNumber),
        Accounts = reader.Accounts(ref promise, Stored.Promise.AccountsFieldNumber),
        Amount = reader.Amount(ref promise, Stored.Promise.AmountFieldNumber),
        DueOn = Packed.RequiredDate(promise.Uint(Stored.Promise.DueOnFieldNumber)),
        State = (PromiseState)promise.Byte(Stored.Promise.StateFieldNumber),
        Paid = reader.Amount(ref promise, Stored.Promise.PaidFieldNumber),
    };

    private static ImmutableArray<ContactPurpose> ReadPurposes(WireNumbers numbers)
    {
        if (numbers.Count == 0) return [];
        var purposes = new ContactPurpose[numbers.Count];
        for (var i = 0; i < purposes.Length; i++) purposes[i] = (ContactPurpose)(byte)numbers.Next();
        return ImmutableCollectionsMarshal.AsImmutableArray(purposes);
    }

    private static ImmutableArray<string> ReadTexts(WireElements elements)
    {
        if (elements.Left == 0) return [];
        var texts = new string[elements.Left];
        for (var i = 0; elements.Next(); i++) texts[i] = elements.Text;
        return ImmutableCollectionsMarshal.AsImmutableArray(texts);
    }
}
