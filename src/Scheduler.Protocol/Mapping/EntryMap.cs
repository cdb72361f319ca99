using System.Collections.Immutable;
using System.Runtime.InteropServices;
using NodaTime;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Border;

namespace Scheduler.Protocol.Mapping;

/// <summary>An upstream entry: one debtor and what is known.</summary>
public static class EntryMap
{
    public static EntryCommand Read(string tenant, V1.DebtorEntry source, FieldViolations v, Instant now)
    {
        if (source.SourceVersion <= 0) v.Add("source_version", FieldReasons.OutOfRange, "1 or more, rising per debtor");
        return new EntryCommand
        {
            Key = new DebtorKey(tenant, v.Id("debtor_id", source.DebtorId)),
            SourceVersion = source.SourceVersion,
            Profile = ReadProfile(source, v),
            Points = ReadPoints(source, v),
            Accounts = ReadAccounts(source, v),
            Consents = ReadConsents(source, v, now),
        };
    }

    private static DebtorProfile? ReadProfile(V1.DebtorEntry source, FieldViolations v)
    {
        if (source.Profile is null) return null;
        using var scope = v.In("profile");
        return PlaceMap.Read(source.Profile, v);
    }

    private static ImmutableArray<ContactPoint>? ReadPoints(V1.DebtorEntry source, FieldViolations v)
    {
        if (source.ContactPoints is null) return null;
        using var scope = v.In("contact_points");
        return PointMap.Read(source.ContactPoints, v);
    }

    private static ImmutableArray<Account> ReadAccounts(V1.DebtorEntry source, FieldViolations v)
    {
        if (source.Accounts.Count == 0 || !v.AtMost("accounts", source.Accounts.Count, DebtorLimits.Accounts)) return [];
        var accounts = new Account[source.Accounts.Count];
        for (var i = 0; i < accounts.Length; i++)
        {
            using var scope = v.In("accounts", i);
            accounts[i] = AccountMap.Read(source.Accounts[i], v);
            v.Unlike(accounts.AsSpan(0, i), accounts[i].Id.Value, static account => account.Id.Value, "account_id", "given before in this entry");
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(accounts);
    }

    private static ImmutableArray<ConsentFact> ReadConsents(V1.DebtorEntry source, FieldViolations v, Instant now)
    {
        if (source.Consents.Count == 0 || !v.AtMost("consents", source.Consents.Count, DebtorLimits.Consents)) return [];
        var consents = new ConsentFact[source.Consents.Count];
        for (var i = 0; i < consents.Length; i++)
        {
            using var scope = v.In("consents", i);
            consents[i] = ConsentMap.Read(source.Consents[i], v, now);
            v.Unlike(consents.AsSpan(0, i), consents[i].Id, static consent => consent.Id, "consent_id", "given before in this entry");
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(consents);
    }
}
