using Google.Type;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Ingest;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Tests.TestKit;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Grains.Tests.Simulation;

/// <summary>More debtors than a test names one by one, each with a number of her own.</summary>
internal static class Crowd
{
    private const int AtOnce = 1_000;

    /// <summary>Debtors <c>d0</c> and on.</summary>
    /// <param name="dueOn">When the account of a debtor fell due: its first step is the day after.</param>
    public static async Task EnterAsync(World world, int count, Func<int, DateTimeOffset> dueOn)
    {
        foreach (var numbers in Enumerable.Range(0, count).Chunk(AtOnce))
        {
            var entries = Array.ConvertAll(numbers, number => Read(world, number, dueOn(number)));
            var answers = await world.Intake.EnqueueAsync(entries, "tests", TestContext.Current.CancellationToken);
            Assert.All(answers!, static answer => Assert.Equal(EntryOutcome.Accepted, answer.Outcome));
        }

        await world.QuietAsync();
    }

    /// <summary>What is ready for a pull of that size, with the ways of demand: the first look asks the shards, the next finds what they brought.</summary>
    public static async Task<IReadOnlyList<V1.Dispatch>> PullAsync(World world, int count)
    {
        for (var look = 0; look < 4; look++)
        {
            var found = await world.PullAsync(world.Order(count: count) with { Wait = TimeSpan.Zero });
            await world.QuietAsync();
            if (found.Length > 0) return found;
            world.Time.AdvanceTo(world.Time.GetUtcNow() + TimeSpan.FromMilliseconds(25));
            await world.QuietAsync();
        }

        return [];
    }

    private static IntakeEntry Read(World world, int number, DateTimeOffset dueOn)
    {
        var entry = Entries.Reachable($"d{number}");
        entry.ContactPoints.Points[0].Address = $"+57300{1_000_000 + number}";
        entry.Accounts[0].OldestDueDate = new Date { Year = dueOn.Year, Month = dueOn.Month, Day = dueOn.Day };
        var violations = new FieldViolations();
        return new IntakeEntry(EntryMap.Read(World.Tenant, entry, violations, world.Time.Now()), entry);
    }
}
