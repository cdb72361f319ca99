using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Events;

/// <summary>Ids and optional instants between Domain's defaults and protobuf's empty values.</summary>
internal static class Names
{
    public static string Of(PointId point) => point.Value ?? "";

    public static string Of(AccountId account) => account.Value ?? "";

    public static PointId Point(string value) => value.Length == 0 ? default : new PointId(value);

    public static AccountId Account(string value) => value.Length == 0 ? default : new AccountId(value);

    public static ImmutableArray<AccountId> Accounts(IEnumerable<string> values) => [.. values.Select(static value => new AccountId(value))];

    public static NodaTime.Instant? Instant(Timestamp? value) => value is null ? null : ScalarMap.ToInstant(value);
}
