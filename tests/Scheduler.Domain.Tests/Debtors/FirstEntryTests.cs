using System.Collections;
using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Debtors;

/// <summary>The entry that makes a debtor: decided in one go, and with the bytes it takes bounded, because millions come in one call after the other.</summary>
public sealed class FirstEntryTests
{
    private static readonly Instant Monday = InBogota("2026-03-02 09:00");

    /// <summary>About a tenth more than it takes.</summary>
    private const long MostBytes = 4_000;

    [Fact]
    public void What_the_first_entry_makes_is_what_its_facts_make_one_after_the_other_of_a_debtor_of_whom_nothing_is_known()
    {
        Check.One(PinnedSeeds.Runs(0xE1, 600), Prop.ForAll(Arb.From(Entries()), static entry =>
        {
            var atOnce = DebtorDecider.ApplyEntry(null, entry, Shipped, Monday);
            var unknown = new DebtorState { Key = entry.Key, SourceVersion = -1, GapsCounted = Shipped.LastGap };
            var inTurn = DebtorDecider.ApplyEntry(unknown, entry, Shipped, Monday);
            Assert.Equal(Text(inTurn), Text(atOnce));
        }));
    }

    [Fact]
    public void The_first_entry_of_two_facts_with_one_id_keeps_the_first_and_a_refusal_dated_ahead_binds_from_now()
    {
        var ahead = Monday + Duration.FromDays(1);
        var entry = NewYorker() with
        {
            Consents = [Fact("a", ConsentKind.Granted, Monday), Fact("a", ConsentKind.HoursForbidden, Monday), Fact("b", ConsentKind.HoursForbidden, ahead)],
        };
        var entered = DebtorDecider.ApplyEntry(null, entry, Shipped, Monday);
        Assert.Equal([("a", ConsentKind.Granted, Monday), ("b", ConsentKind.HoursForbidden, Monday)], entered.State!.Consents.Select(fact => (fact.Id, fact.Kind, fact.GivenAt)));
        Assert.Equal([Monday, Monday], entered.Events.OfType<DebtorEvent.ConsentRecorded>().Select(recorded => recorded.At));
    }

    [Fact]
    public void The_first_entry_takes_few_bytes()
    {
        var entry = NewYorker() with
        {
            Points = [Phone(address: "+12125550123"), Phone("home", "+12125550124"), Phone("work", "+12125550125")],
            Accounts = [Idle("a-1"), Idle("a-2")],
            Consents = [.. Enumerable.Range(1, 5).Select(number => Fact($"c-{number}", ConsentKind.Granted, Monday - Duration.FromDays(40)))],
        };
        var least = long.MaxValue;
        for (var round = 0; round < 5; round++)
        {
            for (var warm = 0; warm < 200; warm++) Assert.Equal(EntryState.Accepted, DebtorDecider.ApplyEntry(null, entry, Shipped, Monday).Reply.State);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var run = 0; run < 100; run++) DebtorDecider.ApplyEntry(null, entry, Shipped, Monday);
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / 100);
        }

        Assert.InRange(least, 1, MostBytes);
    }

    /// <summary>Nothing is due for weeks, as with most who come in.</summary>
    private static Account Idle(string id) => Owed(new AccountId(id), oldestDueOn: new LocalDate(2026, 3, 22)) with
    {
        Tags = ["wave=1", "campaign=autumn"],
        Variables = [new("branch", "loop"), new("plan", "gold")],
    };

    private static ConsentFact Fact(string id, ConsentKind kind, Instant givenAt) => Granted(ContactChannel.Email) with
    {
        Id = id,
        Kind = kind,
        GivenAt = givenAt,
        Purposes = [ContactPurpose.Collection],
        Hours = kind is ConsentKind.HoursForbidden or ConsentKind.HoursExtended ? [new WeeklyHours(0, 0, 720)] : [],
    };

    private static Gen<EntryCommand> Entries()
    {
        var point = from id in Gen.Choose(10, 40) from status in Gen.Elements(Enum.GetValues<PointStatus>()) select Phone($"p-{id}", $"+121255501{id}", status);
        var account = from id in Gen.Choose(1, 40)
                      from units in Gen.Elements(-1, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3)
                      from due in Gen.Elements<LocalDate?>(null, new LocalDate(2026, 2, 1), new LocalDate(2026, 3, 1), new LocalDate(2026, 3, 22))
                      from isShared in Gen.Elements(false, false, true)
                      select Owed(new AccountId($"a-{id}"), oldestDueOn: due) with
                      {
                          Balance = units < 3 ? Usd(units) : default,
                          BalanceAt = units == 0 ? null : Monday - Duration.FromDays(1),
                          DebtKey = isShared ? "debt" : "",
                          Variables = units > 0 ? [new("plan", "gold")] : [],
                          Closed = units == 2 ? CloseReason.Sold : null,
                      };
        var consent = from id in Gen.Choose(1, 6)
                      from kind in Gen.Elements(ConsentKind.Granted, ConsentKind.Granted, ConsentKind.Granted, ConsentKind.HoursForbidden, ConsentKind.HoursExtended, ConsentKind.Withdrawn)
                      from hours in Gen.Choose(-50, 50)
                      select Fact($"c-{id}", kind, Monday + Duration.FromHours(hours));
        return from version in Gen.Choose(0, 40)
               from place in Gen.Choose(0, 2)
               from points in Gen.ListOf(point)
               from hasPoints in Gen.Elements(true, true, false)
               from accounts in Gen.ListOf(account)
               from consents in Gen.ListOf(consent)
               from known in Gen.Elements(false, false, false, true)
               let whole = place == 1 ? Colombian(version) : NewYorker(version)
               select whole with
               {
                   Profile = place == 0 ? null : whole.Profile! with { Tags = ["wave=1", "segment=load"] },
                   Points = hasPoints ? [.. points.Take(3)] : null,
                   Accounts = [.. accounts.Take(3)],
                   Consents = [.. consents.Take(5)],
                   AddressFacts = known ? [new(points.Select(static point => point.Id).FirstOrDefault(), new AddressFact(AddressFactKind.Stopped, ContactChannel.Sms, Monday))] : [],
               };
    }

    /// <summary>Everything that is said, also in lists: those of two records are the same for records only where they are one.</summary>
    private static string Text(object? value) => value switch
    {
        null => "-",
        string text => text,
        Instant at => $"{at.ToUnixTimeTicks()}",
        DebtorEvent or DebtorState or EntryReply => Fields(value),
        IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Text))}]",
        _ when value.GetType().Namespace!.StartsWith("Scheduler", StringComparison.Ordinal) && !value.GetType().IsEnum => Fields(value),
        _ => $"{value}",
    };

    private static string Fields(object value) =>
        $"{value.GetType().Name} {{ {string.Join(", ", value.GetType().GetProperties().Where(field => field.GetIndexParameters().Length == 0).Select(field => $"{field.Name} = {Text(field.GetValue(value))}"))} }}";
}
