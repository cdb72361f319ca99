using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Border;

namespace Scheduler.Protocol.Mapping;

/// <summary>Debts of a debtor.</summary>
public static class AccountMap
{
    public static Account Read(V1.Account source, FieldViolations v)
    {
        var id = v.Id("account_id", source.AccountId);
        return new Account
        {
            Id = new AccountId(id),
            CreditorId = v.Id("creditor_id", source.CreditorId),
            Collector = v.Known("collector_kind", source.CollectorKind, required: false).ToDomain(),
            Role = v.Known("party_role", source.PartyRole).ToDomain(),
            DebtKey = source.CountingDebtKey.Length == 0 ? id : v.Id("counting_debt_key", source.CountingDebtKey),
            Product = Lower(v.Word("product", source.Product)),
            IsConsumer = source.HasConsumerPurpose ? source.ConsumerPurpose : null,
            Balance = v.AmountOrNull("balance", source.Balance) ?? default,
            BalanceAt = v.InstantOrNull("balance_time", source.BalanceTime),
            OldestDueOn = v.DateOrNull("oldest_due_date", source.OldestDueDate),
            Stage = v.Known("stage", source.Stage, required: false).ToDomain(),
            ContractOn = v.DateOrNull("contract_date", source.ContractDate),
            IsTimeBarred = source.HasTimeBarred ? source.TimeBarred : null,
            StrategyId = v.IdOrEmpty("strategy_id", source.StrategyId),
            PortfolioId = v.IdOrEmpty("portfolio_id", source.PortfolioId),
            Tags = PlaceMap.ReadTags(source.Tags, v),
            Variables = ReadVariables(source.Variables, v),
        };
    }

    public static V1.Account Write(Account source)
    {
        var account = new V1.Account
        {
            AccountId = source.Id.Value,
            CreditorId = source.CreditorId,
            CollectorKind = source.Collector.ToProto(),
            PartyRole = source.Role.ToProto(),
            CountingDebtKey = source.DebtKey,
            Product = source.Product,
            Balance = ScalarMap.ToProto(source.Balance),
            BalanceTime = ScalarMap.ToProto(source.BalanceAt),
            OldestDueDate = ScalarMap.ToProto(source.OldestDueOn),
            Stage = source.Stage.ToProto(),
            ContractDate = ScalarMap.ToProto(source.ContractOn),
            StrategyId = source.StrategyId,
            PortfolioId = source.PortfolioId,
            EnterTime = source.EnteredAt == default ? null : ScalarMap.ToProto(source.EnteredAt),
            CloseReason = (source.Closed ?? CloseReason.Unknown).ToProto(),
        };
        if (source.IsConsumer is { } isConsumer) account.ConsumerPurpose = isConsumer;
        if (source.IsTimeBarred is { } isTimeBarred) account.TimeBarred = isTimeBarred;
        account.Tags.AddRange(source.Tags);
        foreach (var (name, value) in source.Variables) account.Variables[name] = value;
        return account;
    }

    /// <summary>An account as we wrote it, with what only the service sets, without the border's checks.</summary>
    public static Account Trusted(V1.Account source) => Read(source, new FieldViolations()) with
    {
        EnteredAt = source.EnterTime is { } at ? ScalarMap.ToInstant(at) : default,
        Closed = source.CloseReason == V1.CloseReason.Unspecified ? null : source.CloseReason.ToDomain(),
    };

    // A word is of letters without accents.
    private static string Lower(string word) => word.AsSpan().ContainsAnyInRange('A', 'Z') ? word.ToLowerInvariant() : word;

    private static ImmutableArray<KeyValuePair<string, string>> ReadVariables(MapField<string, string> source, FieldViolations v)
    {
        if (source.Count == 0 || !v.AtMost("variables", source.Count, BorderLimits.Variables)) return [];
        var ordered = new KeyValuePair<string, string>[source.Count];
        var count = 0;
        foreach (var variable in source)
        {
            ordered[count++] = variable;
            var (name, value) = variable;
            // The name is the caller's vocabulary, not a value: it may stand in the path.
            if (name.Length == 0 || name.Length > BorderLimits.WordLength || !FieldReader.IsId(name))
            {
                v.Add("variables", FieldReasons.Malformed, "names: 1 to 64 characters of A-Z a-z 0-9 . _ : @ -");
                continue;
            }

            using var scope = v.In("variables");
            v.Text(name, value, BorderLimits.VariableLength);
        }

        Array.Sort(ordered, static (one, other) => string.CompareOrdinal(one.Key, other.Key));
        return ImmutableCollectionsMarshal.AsImmutableArray(ordered);
    }
}
