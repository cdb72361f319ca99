using Scheduler.Domain.Debtors;

namespace Scheduler.Protocol.Events;

/// <summary>Moves what is personal out of events' messages, and back into them. docs/evidence.md lists what is personal.</summary>
internal static class PersonalEvents
{
    /// <summary>Null when nothing in the event is personal.</summary>
    public static V1.PersonalEventFields? Take(DebtorEvent source, V1.DebtorEvent message)
    {
        switch (source)
        {
            case DebtorEvent.EntryApplied e when e.Digest != 0:
                message.EntryApplied.Digest = 0;
                return new V1.PersonalEventFields { Digest = e.Digest };
            case DebtorEvent.PointsReplaced { Points.IsEmpty: false } e:
                return OfPoints(e);
            case DebtorEvent.AccountEntered { Account.Variables.IsEmpty: false } e:
                var account = new V1.PersonalEventFields();
                foreach (var (name, value) in e.Account.Variables) account.Variables[name] = value;
                return account;
            case DebtorEvent.ProfileReplaced e when e.Profile.Locations.Any(static l => l.PostalCode.Length > 0):
                var profile = new V1.PersonalEventFields();
                foreach (var location in message.ProfileReplaced.Profile.Locations)
                {
                    profile.PostalCodes.Add(location.PostalCode);
                    location.PostalCode = "";
                }

                return profile;
            case DebtorEvent.ConsentRecorded { Consent.EvidenceRef.Length: > 0 } e:
                message.ConsentRecorded.Consent.EvidenceRef = "";
                return new V1.PersonalEventFields { EvidenceRef = e.Consent.EvidenceRef };
            default:
                return null;
        }
    }

    /// <summary>Puts into the message what the event holds in clear.</summary>
    public static void Fill(DebtorEvent source, V1.DebtorEvent message)
    {
        if (Take(source, message.Clone()) is { } fields) Restore(message, fields);
    }

    public static void Restore(V1.DebtorEventBatch batch, V1.PersonalFields personal)
    {
        foreach (var fields in personal.Events)
        {
            if (fields.EventIndex < batch.Events.Count) Restore(batch.Events[fields.EventIndex], fields);
        }
    }

    private static void Restore(V1.DebtorEvent target, V1.PersonalEventFields fields)
    {
        switch (target.EventCase)
        {
            case V1.DebtorEvent.EventOneofCase.EntryApplied: target.EntryApplied.Digest = fields.Digest; break;
            case V1.DebtorEvent.EventOneofCase.PointsReplaced:
                foreach (var point in target.PointsReplaced.Points) point.Address = fields.Addresses.GetValueOrDefault(point.PointId, "");
                break;
            case V1.DebtorEvent.EventOneofCase.AccountEntered: target.AccountEntered.Account.Variables.Add(fields.Variables); break;
            case V1.DebtorEvent.EventOneofCase.ProfileReplaced:
                for (var i = 0; i < fields.PostalCodes.Count; i++) target.ProfileReplaced.Profile.Locations[i].PostalCode = fields.PostalCodes[i];
                break;
            case V1.DebtorEvent.EventOneofCase.ConsentRecorded: target.ConsentRecorded.Consent.EvidenceRef = fields.EvidenceRef; break;
            default: break;
        }
    }

    private static V1.PersonalEventFields OfPoints(DebtorEvent.PointsReplaced source)
    {
        var fields = new V1.PersonalEventFields();
        foreach (var point in source.Points) fields.Addresses[point.Id.Value] = point.Address;
        return fields;
    }
}
