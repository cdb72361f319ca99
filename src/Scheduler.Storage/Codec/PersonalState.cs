using Google.Protobuf;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Storage.Codec;

/// <summary>Moves the personal fields of a stored state into a message of their own and back.</summary>
internal static class PersonalState
{
    /// <summary>Takes the fields out; they are blank in the state afterwards.</summary>
    public static byte[] Take(Stored.DebtorState state)
    {
        var personal = new Stored.PersonalFields { SourceDigest = state.SourceDigest };
        state.SourceDigest = 0;
        foreach (var point in state.Points)
        {
            personal.Addresses.Add(point.Address);
            point.Address = "";
        }

        foreach (var location in state.Profile?.Locations ?? [])
        {
            personal.PostalCodes.Add(location.PostalCode);
            location.PostalCode = "";
        }

        foreach (var consent in state.Consents)
        {
            personal.EvidenceRefs.Add(consent.EvidenceRef);
            consent.EvidenceRef = "";
        }

        foreach (var account in state.Accounts)
        {
            var variables = new Stored.TemplateVariables();
            variables.Pairs.AddRange(account.Variables);
            account.Variables.Clear();
            personal.Variables.Add(variables);
        }

        return personal.ToByteArray();
    }

    public static void Restore(Stored.DebtorState state, byte[] bytes)
    {
        var personal = Stored.PersonalFields.Parser.ParseFrom(bytes);
        state.SourceDigest = personal.SourceDigest;
        for (var i = 0; i < personal.Addresses.Count; i++) state.Points[i].Address = personal.Addresses[i];
        for (var i = 0; i < personal.PostalCodes.Count; i++) state.Profile.Locations[i].PostalCode = personal.PostalCodes[i];
        for (var i = 0; i < personal.EvidenceRefs.Count; i++) state.Consents[i].EvidenceRef = personal.EvidenceRefs[i];
        for (var i = 0; i < personal.Variables.Count; i++) state.Accounts[i].Variables.AddRange(personal.Variables[i].Pairs);
    }
}
