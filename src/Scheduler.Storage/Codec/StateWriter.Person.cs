using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Storage.Codec;

/// <content>What is known of the person: points, profile, accounts, consents, holds, promises.</content>
internal sealed partial class StateWriter
{
    private void Write(ContactPoint point)
    {
        var start = _wire.Begin(Stored.DebtorState.PointsFieldNumber);
        Word(Stored.ContactPoint.IdFieldNumber, point.Id.Value);
        _wire.Number(Stored.ContactPoint.KindFieldNumber, (uint)point.Kind);
        if (_isSealed) _personal.Element(Stored.PersonalFields.AddressesFieldNumber, point.Address);
        else _wire.Text(Stored.ContactPoint.AddressFieldNumber, point.Address);
        _wire.Number(Stored.ContactPoint.ChannelsFieldNumber, point.Channels.Bits);
        _wire.Number(Stored.ContactPoint.PlaceFieldNumber, (uint)point.Place);
        _wire.Number(Stored.ContactPoint.StatusFieldNumber, (uint)point.Status);
        Word(Stored.ContactPoint.ObtainedFromFieldNumber, point.ObtainedFrom);
        _wire.Number(Stored.ContactPoint.ConfirmedAtFieldNumber, Packed.Of(point.ConfirmedAt));
        _wire.Number(Stored.ContactPoint.ReassignmentCheckedAtFieldNumber, Packed.Of(point.ReassignmentCheckedAt));
        _wire.Flag(Stored.ContactPoint.AgreedFieldNumber, point.IsAgreed);
        _wire.Number(Stored.ContactPoint.RestsUntilFieldNumber, Packed.Of(point.RestsUntil));
        _wire.End(start);
    }

    private void Write(DebtorProfile profile)
    {
        var start = _wire.Begin(Stored.DebtorState.ProfileFieldNumber);
        foreach (var location in profile.Locations) Write(location);
        _wire.Text(Stored.DebtorProfile.LanguageFieldNumber, profile.Language);
        _wire.Flag(Stored.DebtorProfile.LanguageRequestedFieldNumber, profile.LanguageRequested);
        _wire.Flag(Stored.DebtorProfile.MinorFieldNumber, profile.IsMinor);
        _wire.Flag(Stored.DebtorProfile.EmployerForbidsFieldNumber, profile.EmployerForbidsContact);
        if (profile.RiskScore is { } risk) _wire.Present(Stored.DebtorProfile.RiskScoreFieldNumber, risk);
        Words(Stored.DebtorProfile.TagsFieldNumber, profile.Tags);
        foreach (var spouse in profile.SpouseIds) _wire.Element(Stored.DebtorProfile.SpousesFieldNumber, spouse);
        _wire.End(start);
    }

    private void Write(LocationEvidence location)
    {
        var start = _wire.Begin(Stored.DebtorProfile.LocationsFieldNumber);
        _wire.Text(Stored.Location.CountryFieldNumber, location.CountryCode);
        _wire.Text(Stored.Location.RegionFieldNumber, location.RegionCode);
        _wire.Text(Stored.Location.MunicipalityFieldNumber, location.MunicipalityCode);
        if (_isSealed) _personal.Element(Stored.PersonalFields.PostalCodesFieldNumber, location.PostalCode);
        else _wire.Text(Stored.Location.PostalCodeFieldNumber, location.PostalCode);
        _wire.Text(Stored.Location.ZoneFieldNumber, location.ZoneId);
        _wire.Number(Stored.Location.SourceFieldNumber, (uint)location.Source);
        _wire.Number(Stored.Location.ObservedAtFieldNumber, Packed.Of(location.ObservedAt));
        _wire.End(start);
    }

    private void Write(ConsentFact consent)
    {
        var start = _wire.Begin(Stored.DebtorState.ConsentsFieldNumber);
        _wire.Text(Stored.ConsentFact.IdFieldNumber, consent.Id);
        _wire.Number(Stored.ConsentFact.KindFieldNumber, (uint)consent.Kind);
        _wire.Number(Stored.ConsentFact.ChannelsFieldNumber, consent.Channels.Bits);
        if (!consent.Purposes.IsEmpty)
        {
            var purposes = _wire.Begin(Stored.ConsentFact.PurposesFieldNumber);
            foreach (var purpose in consent.Purposes) _wire.Packed((uint)purpose);
            _wire.End(purposes);
        }

        Points(Stored.ConsentFact.PointsFieldNumber, consent.Points);
        Word(Stored.ConsentFact.CreditorFieldNumber, consent.CreditorId);
        _wire.Number(Stored.ConsentFact.GivenAtFieldNumber, Packed.Of(consent.GivenAt));
        _wire.Number(Stored.ConsentFact.ExpiresAtFieldNumber, Packed.Of(consent.ExpiresAt));
        Word(Stored.ConsentFact.MethodFieldNumber, consent.Method);
        _wire.Number(Stored.ConsentFact.InstrumentFieldNumber, (uint)consent.Instrument);
        Word(Stored.ConsentFact.WordingVersionFieldNumber, consent.WordingVersion);
        if (_isSealed) _personal.Element(Stored.PersonalFields.EvidenceRefsFieldNumber, consent.EvidenceRef);
        else _wire.Text(Stored.ConsentFact.EvidenceRefFieldNumber, consent.EvidenceRef);
        _wire.Flag(Stored.ConsentFact.GivenDirectlyFieldNumber, consent.GivenDirectly);
        foreach (var hours in consent.Hours) Write(hours);
        _wire.Flag(Stored.ConsentFact.AlsoOnHolidaysFieldNumber, consent.AlsoOnHolidays);
        _wire.Flag(Stored.ConsentFact.OwnInitiativeFieldNumber, consent.IsOwnInitiative);
        _wire.End(start);
    }

    private void Write(WeeklyHours hours)
    {
        var start = _wire.Begin(Stored.ConsentFact.HoursFieldNumber);
        _wire.Number(Stored.WeeklyHours.DaysFieldNumber, hours.Days);
        _wire.Number(Stored.WeeklyHours.StartMinuteFieldNumber, hours.StartMinute);
        _wire.Number(Stored.WeeklyHours.EndMinuteFieldNumber, hours.EndMinute);
        _wire.End(start);
    }

    private void Write(Account account)
    {
        var start = _wire.Begin(Stored.DebtorState.AccountsFieldNumber);
        Word(Stored.Account.IdFieldNumber, account.Id.Value);
        Word(Stored.Account.CreditorFieldNumber, account.CreditorId);
        _wire.Number(Stored.Account.CollectorFieldNumber, (uint)account.Collector);
        _wire.Number(Stored.Account.RoleFieldNumber, (uint)account.Role);
        Word(Stored.Account.DebtKeyFieldNumber, account.DebtKey);
        Word(Stored.Account.ProductFieldNumber, account.Product);
        if (account.IsConsumer is { } isConsumer) _wire.Present(Stored.Account.NotConsumerFieldNumber, isConsumer ? 0 : 1);
        Write(Stored.Account.BalanceFieldNumber, account.Balance);
        _wire.Number(Stored.Account.BalanceAtFieldNumber, Packed.Of(account.BalanceAt));
        _wire.Number(Stored.Account.OldestDueOnFieldNumber, Packed.Of(account.OldestDueOn));
        _wire.Number(Stored.Account.StageFieldNumber, (uint)account.Stage);
        _wire.Number(Stored.Account.ContractOnFieldNumber, Packed.Of(account.ContractOn));
        if (account.IsTimeBarred is { } isTimeBarred) _wire.Present(Stored.Account.TimeBarredFieldNumber, isTimeBarred ? 1 : 0);
        Word(Stored.Account.StrategyFieldNumber, account.StrategyId);
        Word(Stored.Account.PortfolioFieldNumber, account.PortfolioId);
        Words(Stored.Account.TagsFieldNumber, account.Tags);
        WriteVariables(account);
        _wire.Number(Stored.Account.EnteredAtFieldNumber, account.EnteredAt == default ? 0 : Packed.Of(account.EnteredAt));
        _wire.Number(Stored.Account.ClosedFieldNumber, account.Closed is { } reason ? (uint)reason + 1 : 0);
        _wire.End(start);
    }

    /// <summary>Key and value in turns.</summary>
    private void WriteVariables(Account account)
    {
        if (!_isSealed)
        {
            foreach (var (key, value) in account.Variables)
            {
                _wire.Element(Stored.Account.VariablesFieldNumber, key);
                _wire.Element(Stored.Account.VariablesFieldNumber, value);
            }

            return;
        }

        var start = _personal.Begin(Stored.PersonalFields.VariablesFieldNumber);
        foreach (var (key, value) in account.Variables)
        {
            _personal.Element(Stored.TemplateVariables.PairsFieldNumber, key);
            _personal.Element(Stored.TemplateVariables.PairsFieldNumber, value);
        }

        _personal.End(start);
    }

    private void Write(Hold hold)
    {
        var start = _wire.Begin(Stored.DebtorState.HoldsFieldNumber);
        _wire.Text(Stored.Hold.IdFieldNumber, hold.Id);
        _wire.Number(Stored.Hold.KindFieldNumber, (uint)hold.Kind);
        Accounts(Stored.Hold.AccountsFieldNumber, hold.Accounts);
        Word(Stored.Hold.CreditorFieldNumber, hold.CreditorId);
        _wire.Number(Stored.Hold.ChannelsFieldNumber, hold.Channels.Bits);
        _wire.Number(Stored.Hold.StartFieldNumber, Packed.Of(hold.Start));
        _wire.Number(Stored.Hold.EndFieldNumber, Packed.Of(hold.End));
        Word(Stored.Hold.MethodFieldNumber, hold.Method);
        _wire.End(start);
    }

    private void Write(Promise promise)
    {
        var start = _wire.Begin(Stored.DebtorState.PromisesFieldNumber);
        _wire.Text(Stored.Promise.IdFieldNumber, promise.Id);
        Accounts(Stored.Promise.AccountsFieldNumber, promise.Accounts);
        Write(Stored.Promise.AmountFieldNumber, promise.Amount);
        _wire.Number(Stored.Promise.DueOnFieldNumber, Packed.Of(promise.DueOn));
        _wire.Number(Stored.Promise.StateFieldNumber, (uint)promise.State);
        Write(Stored.Promise.PaidFieldNumber, promise.Paid);
        _wire.End(start);
    }
}
