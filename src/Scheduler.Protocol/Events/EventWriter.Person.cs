using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Events;

/// <content>The person: entries, profile, points and consents.</content>
internal sealed partial class EventWriter
{
    /// <summary>A bit for each day of the week.</summary>
    private const int EveryDay = 0b0111_1111;

    private void Write(DebtorEvent.EntryApplied e)
    {
        var start = _wire.Begin(V1.DebtorEvent.EntryAppliedFieldNumber);
        _wire.Number(V1.EntryApplied.SourceVersionFieldNumber, e.SourceVersion);
        if (!_isSealed) _wire.Fixed(V1.EntryApplied.DigestFieldNumber, e.Digest);
        _wire.Text(V1.EntryApplied.SnapshotIdFieldNumber, e.SnapshotId);
        _wire.End(start);
        if (!_isSealed || e.Digest == 0) return;
        var fields = BeginPersonal();
        _personal.Fixed(V1.PersonalEventFields.DigestFieldNumber, e.Digest);
        _personal.End(fields);
    }

    private void Write(DebtorEvent.ProfileReplaced e)
    {
        var start = _wire.Begin(V1.DebtorEvent.ProfileReplacedFieldNumber);
        Write(e.Profile);
        _wire.End(start);
        if (!_isSealed || !HasPostalCode(e.Profile)) return;
        var fields = BeginPersonal();
        foreach (var location in e.Profile.Locations) _personal.Element(V1.PersonalEventFields.PostalCodesFieldNumber, location.PostalCode);
        _personal.End(fields);
    }

    private void Write(DebtorEvent.PointsReplaced e)
    {
        var start = _wire.Begin(V1.DebtorEvent.PointsReplacedFieldNumber);
        foreach (var point in e.Points) Write(point);
        _wire.End(start);
        if (!_isSealed || e.Points.IsEmpty) return;
        var fields = BeginPersonal();
        foreach (var point in e.Points) _pairs.Add(new(point.Id.Value, point.Address));
        WritePairs(V1.PersonalEventFields.AddressesFieldNumber);
        _personal.End(fields);
    }

    private void Write(DebtorEvent.PointChanged e)
    {
        var start = _wire.Begin(V1.DebtorEvent.PointChangedFieldNumber);
        _wire.Text(V1.PointChanged.PointIdFieldNumber, Names.Of(e.Point));
        _wire.Number(V1.PointChanged.StatusFieldNumber, (int)e.Status.ToProto());
        _wire.Text(V1.PointChanged.CauseFieldNumber, e.Cause);
        _wire.End(start);
    }

    private void Write(DebtorEvent.ConsentRecorded e)
    {
        var start = _wire.Begin(V1.DebtorEvent.ConsentRecordedFieldNumber);
        Write(e.Consent);
        _wire.Text(V1.ConsentRecorded.CauseFieldNumber, e.Cause);
        _wire.End(start);
        if (!_isSealed || e.Consent.EvidenceRef.Length == 0) return;
        var fields = BeginPersonal();
        _personal.Text(V1.PersonalEventFields.EvidenceRefFieldNumber, e.Consent.EvidenceRef);
        _personal.End(fields);
    }

    private void Write(DebtorEvent.Noted e)
    {
        var start = _wire.Begin(V1.DebtorEvent.SignalNotedFieldNumber);
        _wire.Text(V1.SignalNoted.SignalIdFieldNumber, e.SignalId);
        _wire.Text(V1.SignalNoted.KindFieldNumber, e.Kind);
        _wire.Text(V1.SignalNoted.DetailFieldNumber, e.Detail);
        _wire.Number(V1.SignalNoted.ChannelFieldNumber, (int)e.Channel.ToProto());
        _wire.End(start);
    }

    private void Write(DebtorProfile profile)
    {
        var start = _wire.Begin(V1.ProfileReplaced.ProfileFieldNumber);
        foreach (var location in profile.Locations) Write(location);
        _wire.Text(V1.DebtorProfile.LanguageFieldNumber, profile.Language);
        _wire.Flag(V1.DebtorProfile.LanguageRequestedFieldNumber, profile.LanguageRequested);
        _wire.Flag(V1.DebtorProfile.MinorFieldNumber, profile.IsMinor);
        Texts(V1.DebtorProfile.SpouseDebtorIdsFieldNumber, profile.SpouseIds);
        Texts(V1.DebtorProfile.TagsFieldNumber, profile.Tags);
        if (profile.RiskScore is { } risk) _wire.Present(V1.DebtorProfile.RiskScoreFieldNumber, risk);
        _wire.Flag(V1.DebtorProfile.EmployerForbidsContactFieldNumber, profile.EmployerForbidsContact);
        _wire.End(start);
    }

    private void Write(LocationEvidence location)
    {
        var start = _wire.Begin(V1.DebtorProfile.LocationsFieldNumber);
        _wire.Text(V1.LocationEvidence.CountryCodeFieldNumber, location.CountryCode);
        _wire.Text(V1.LocationEvidence.RegionCodeFieldNumber, location.RegionCode);
        _wire.Text(V1.LocationEvidence.MunicipalityCodeFieldNumber, location.MunicipalityCode);
        if (!_isSealed) _wire.Text(V1.LocationEvidence.PostalCodeFieldNumber, location.PostalCode);
        _wire.Text(V1.LocationEvidence.ZoneIdFieldNumber, location.ZoneId);
        _wire.Number(V1.LocationEvidence.SourceFieldNumber, (int)location.Source.ToProto());
        Time(V1.LocationEvidence.ObservedTimeFieldNumber, location.ObservedAt);
        _wire.End(start);
    }

    /// <summary>Its address stands in no event.</summary>
    private void Write(ContactPoint point)
    {
        var start = _wire.Begin(V1.PointsReplaced.PointsFieldNumber);
        _wire.Text(V1.ContactPoint.PointIdFieldNumber, point.Id.Value);
        _wire.Number(V1.ContactPoint.KindFieldNumber, (int)point.Kind.ToProto());
        Channels(V1.ContactPoint.ChannelsFieldNumber, point.Channels);
        _wire.Number(V1.ContactPoint.PlaceFieldNumber, (int)point.Place.ToProto());
        _wire.Number(V1.ContactPoint.StatusFieldNumber, (int)point.Status.ToProto());
        _wire.Text(V1.ContactPoint.ObtainedFromFieldNumber, point.ObtainedFrom);
        Time(V1.ContactPoint.ConfirmedTimeFieldNumber, point.ConfirmedAt);
        Time(V1.ContactPoint.ReassignmentCheckedTimeFieldNumber, point.ReassignmentCheckedAt);
        _wire.Flag(V1.ContactPoint.AgreedFieldNumber, point.IsAgreed);
        Time(V1.ContactPoint.RestsUntilTimeFieldNumber, point.RestsUntil);
        _wire.End(start);
    }

    private void Write(ConsentFact consent)
    {
        var start = _wire.Begin(V1.ConsentRecorded.ConsentFieldNumber);
        _wire.Text(V1.ConsentFact.ConsentIdFieldNumber, consent.Id);
        _wire.Number(V1.ConsentFact.KindFieldNumber, (int)consent.Kind.ToProto());
        Channels(V1.ConsentFact.ChannelsFieldNumber, consent.Channels);
        if (!consent.Purposes.IsEmpty)
        {
            var purposes = _wire.Begin(V1.ConsentFact.PurposesFieldNumber);
            foreach (var purpose in consent.Purposes) _wire.Packed((uint)purpose.ToProto());
            _wire.End(purposes);
        }

        foreach (var point in consent.Points) _wire.Element(V1.ConsentFact.PointIdsFieldNumber, point.Value);
        _wire.Text(V1.ConsentFact.CreditorIdFieldNumber, consent.CreditorId);
        Time(V1.ConsentFact.GivenTimeFieldNumber, consent.GivenAt);
        Time(V1.ConsentFact.ExpireTimeFieldNumber, consent.ExpiresAt);
        _wire.Text(V1.ConsentFact.MethodFieldNumber, consent.Method);
        _wire.Number(V1.ConsentFact.InstrumentFieldNumber, (int)consent.Instrument.ToProto());
        _wire.Text(V1.ConsentFact.WordingVersionFieldNumber, consent.WordingVersion);
        if (!_isSealed) _wire.Text(V1.ConsentFact.EvidenceRefFieldNumber, consent.EvidenceRef);
        _wire.Flag(V1.ConsentFact.GivenDirectlyFieldNumber, consent.GivenDirectly);
        if (consent.Hours.Length > 0 || consent.AlsoOnHolidays) WriteHours(consent);
        _wire.Flag(V1.ConsentFact.OwnInitiativeFieldNumber, consent.IsOwnInitiative);
        _wire.End(start);
    }

    private void WriteHours(ConsentFact consent)
    {
        var start = _wire.Begin(V1.ConsentFact.RequestedHoursFieldNumber);
        foreach (var hours in consent.Hours) Write(hours);
        _wire.Flag(V1.RequestedHours.OnHolidaysFieldNumber, consent.AlsoOnHolidays);
        _wire.End(start);
    }

    private void Write(WeeklyHours hours)
    {
        var start = _wire.Begin(V1.RequestedHours.WindowsFieldNumber);
        if ((hours.Days & EveryDay) != 0) WriteDays(hours);
        TimeOfDay(V1.WeeklyWindow.StartTimeOfDayFieldNumber, hours.StartMinute);
        TimeOfDay(V1.WeeklyWindow.EndTimeOfDayFieldNumber, hours.EndMinute);
        _wire.End(start);
    }

    private void WriteDays(WeeklyHours hours)
    {
        var start = _wire.Begin(V1.WeeklyWindow.DaysFieldNumber);
        for (var day = NodaTime.IsoDayOfWeek.Monday; day <= NodaTime.IsoDayOfWeek.Sunday; day++)
        {
            if (hours.Includes(day)) _wire.Packed((uint)day);
        }

        _wire.End(start);
    }

    private void TimeOfDay(int field, int minuteOfDay)
    {
        var start = _wire.Begin(field);
        _wire.Number(Google.Type.TimeOfDay.HoursFieldNumber, minuteOfDay / 60);
        _wire.Number(Google.Type.TimeOfDay.MinutesFieldNumber, minuteOfDay % 60);
        _wire.End(start);
    }

    private static bool HasPostalCode(DebtorProfile profile)
    {
        foreach (var location in profile.Locations)
        {
            if (location.PostalCode.Length > 0) return true;
        }

        return false;
    }
}
