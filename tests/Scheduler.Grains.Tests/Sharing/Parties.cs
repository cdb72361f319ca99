using Google.Protobuf;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.RulePacks;

namespace Scheduler.Grains.Tests.Sharing;

/// <summary>Debtors who owe one account or are married, under one cap.</summary>
internal static class Parties
{
    /// <summary>One cap in some local days and nothing else.</summary>
    public static PackLibrary Cap(int limit, string scope, int days = 7)
    {
        var text = $$"""
            schema: 2
            packs:
              - id: CO
                applies: {country: CO}
                rules:
                  - {id: CO.shared, type: cap, limit: {{limit}}, period: {local_days: {{days}}}, scope: [{{scope}}], counts: {placed: true}, source: made up}
            """;
        Assert.True(PackLibrary.TryLoad([new PackText("0/pack.yaml", text)], out var library, out var problems), string.Join('\n', problems));
        return library;
    }

    /// <summary>A debtor who owes the account.</summary>
    public static V1.DebtorEntry Owing(string debtor, string account, string debt = "", long version = 1)
    {
        var entry = Entries.Reachable(debtor, version);
        entry.Accounts[0].AccountId = account;
        entry.Accounts[0].CountingDebtKey = debt;
        return entry;
    }

    /// <summary>A debtor with an account of her own, who says whom she is married to.</summary>
    public static V1.DebtorEntry Married(string debtor, params ReadOnlySpan<string> spouses)
    {
        var entry = Entries.Reachable(debtor);
        foreach (var spouse in spouses) entry.Profile.SpouseDebtorIds.Add(spouse);
        return entry;
    }

    public static V1.Outcome NotPlaced(V1.Dispatch dispatch) => new()
    {
        Lease = Entries.LeaseOf(dispatch),
        NotPlaced = new V1.NotPlaced { Reason = V1.NotPlacedReason.GatewayError },
    };

    public static Task<LeaseAnswer> LeaseAsync(World world, string debtor, bool confirm = false) => world.Debtor(debtor).Lease(new LeaseRequest(
        "wa-1", "i-1", "p-" + debtor, Domain.Debtors.ContactChannel.Whatsapp, TimeSpan.FromMinutes(2), confirm, 0, DateTimeOffset.MaxValue));

    public static V1.Dispatch DispatchOf(LeaseAnswer answer) => V1.Dispatch.Parser.ParseFrom(answer.Dispatch.Span);

    public static async Task<V1.ExplainDebtorResponse> ExplainAsync(World world, string debtor) =>
        V1.ExplainDebtorResponse.Parser.ParseFrom((await world.Debtor(debtor).Explain(new V1.ExplainDebtorRequest().ToByteArray())).Body.Span);
}
