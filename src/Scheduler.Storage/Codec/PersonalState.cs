using Stored = Scheduler.Storage.V1;

namespace Scheduler.Storage.Codec;

/// <summary>Puts the personal fields of a state, which <see cref="StateWriter"/> writes into a message of their own, back into the stored state.</summary>
internal static class PersonalState
{
    public static void Blank(Stored.DebtorState state)
    {
        state.SourceDigest = 0;
        foreach (var point in state.Points) point.Address = "";
        foreach (var location in state.Profile?.Locations ?? []) location.PostalCode = "";
        foreach (var consent in state.Consents) consent.EvidenceRef = "";
        foreach (var account in state.Accounts) account.Variables.Clear();
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
