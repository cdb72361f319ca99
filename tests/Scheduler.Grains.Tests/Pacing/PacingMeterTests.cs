using Scheduler.Domain.Debtors;
using Scheduler.Grains.Pacing;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Grains.Tests.Pacing;

/// <summary>One limit by itself: it gives out no more than it says, also after it forgot everything that was not written.</summary>
public sealed class PacingMeterTests
{
    private const long Start = 1_770_000_000_000;
    private const long Minute = 60_000;
    private const long Hour = 60 * Minute;

    [Fact]
    public void A_rate_is_kept_over_any_time_and_begins_with_nothing()
    {
        var meter = New(perSecond: 10);
        Assert.Equal(0, meter.Room(Start));
        var given = 0;
        for (var now = Start; now <= Start + 10_000; now += 37) given += TakeAll(meter, now);
        Assert.InRange(given, 95, 101);
    }

    [Fact]
    public void What_was_not_used_goes_at_once_up_to_the_burst()
    {
        var meter = New(perSecond: 10, burst: 25);
        Assert.Equal(25, TakeAll(meter, Start + Hour));
        Assert.Equal(0, TakeAll(meter, Start + Hour));
        Assert.Equal(Start + Hour + 100, meter.FreesAt(Start + Hour));
    }

    [Fact]
    public void A_rate_below_one_a_second_still_gives()
    {
        var meter = New(perSecond: 0.1);
        Assert.Equal(0, TakeAll(meter, Start + 9_000));
        Assert.Equal(1, TakeAll(meter, Start + 10_000));
    }

    [Fact]
    public void A_lease_that_ends_makes_room_and_one_of_which_nothing_is_heard_makes_it_by_its_end()
    {
        var meter = New(maxLive: 2);
        Take(meter, "t/a", Start, until: Start + Hour);
        Take(meter, "t/b", Start, until: Start + Hour);
        Assert.Equal(0, meter.Room(Start));
        meter.End("t/a", fence: 7);
        Assert.Equal(0, meter.Room(Start));
        meter.Extend("t/a", Start + Hour, fence: 7);
        meter.End("t/a", fence: 6);
        Assert.Equal(0, meter.Room(Start));
        meter.End("t/a", fence: 7);
        Assert.Equal(1, meter.Room(Start));
        Assert.Equal(2, meter.Room(Start + Hour + Minute));
    }

    [Fact]
    public void A_known_recipient_is_not_new_and_stays_in_the_window_from_its_last_dispatch()
    {
        var meter = New(maxNew: 2);
        Take(meter, "t/a", Start);
        Take(meter, "t/b", Start);
        Assert.False(meter.Allows("c", Start));
        Assert.True(meter.Allows("t/a", Start));
        Take(meter, "t/a", Start + (20 * Hour));
        Assert.False(meter.Allows("c", Start + (23 * Hour)));
        Assert.True(meter.Allows("c", Start + (24 * Hour) + (6 * Minute)));
        Take(meter, "t/c", Start + (24 * Hour) + (6 * Minute));
        Assert.False(meter.Allows("d", Start + (30 * Hour)));
    }

    [Fact]
    public void What_was_not_leased_is_given_back()
    {
        var meter = New(perSecond: 1, burst: 1, maxLive: 1, maxNew: 1);
        var now = Start + Hour;
        var wasNew = Take(meter, "t/a", now);
        Assert.False(meter.Allows("b", now));
        meter.Return("t/a", "t/a", wasNew);
        Assert.True(meter.Allows("b", now));
    }

    [Fact]
    public void A_restart_at_any_moment_never_gives_out_more_in_a_day_than_the_limit()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var draw = new Draws(seed);
            var row = new Stored.PacingMeter();
            var meter = New(maxLive: 20, maxNew: 60);
            var (given, ends) = (new List<(long At, string Recipient)>(), new Dictionary<string, long>(StringComparer.Ordinal));
            for (var now = Start; now < Start + (50 * Hour); now += draw.Next(1, 9) * Minute)
            {
                if (draw.Next(0, 20) == 0) meter = New(maxLive: 20, maxNew: 60, row, now);
                var until = now + (draw.Next(1, 120) * Minute);
                var debtor = "t/" + draw.Next(0, 400);
                if (!meter.Allows(debtor, now)) continue;
                Take(meter, debtor, now, until);
                if (meter.MustWrite(until, now))
                {
                    row = Stored.PacingMeter.Parser.ParseFrom(meter.Write(until, now));
                    meter.Written(1);
                }

                given.Add((now, debtor));
                ends[debtor] = Math.Max(until, ends.GetValueOrDefault(debtor));
                Assert.True(ends.Values.Count(end => end > now) <= 20, $"seed {seed}: too many live leases");
                var day = given.Where(g => g.At > now - RecipientWindow.Span).Select(static g => g.Recipient).Distinct(StringComparer.Ordinal).Count();
                Assert.True(day <= 60, $"seed {seed}: {day} recipients in a day");
            }

            Assert.True(given.Count > 60, $"seed {seed} gave {given.Count}");
        }
    }

    private static bool Take(PacingMeter meter, string debtor, long now, long until = Start + Hour)
    {
        Assert.True(meter.Allows(debtor, now));
        return meter.Take(debtor, debtor, until, now);
    }

    private static int TakeAll(PacingMeter meter, long now)
    {
        var count = 0;
        while (meter.Room(now) > 0)
        {
            meter.Take("t/" + count, "t/" + count, now + Minute, now);
            count++;
        }

        return count;
    }

    private static PacingMeter New(double? perSecond = null, int burst = 0, int maxLive = 0, int maxNew = 0) =>
        New(perSecond, burst, maxLive, maxNew, new Stored.PacingMeter(), Start);

    private static PacingMeter New(int maxLive, int maxNew, Stored.PacingMeter row, long now) => New(null, 0, maxLive, maxNew, row, now);

    private static PacingMeter New(double? perSecond, int burst, int maxLive, int maxNew, Stored.PacingMeter row, long now) =>
        new(new PacingLimit("one", new PacingScope("t", ContactChannel.Whatsapp, "", ""), perSecond, burst, maxLive, maxNew, 0), row, 0, now);

    /// <summary>A small linear congruential sequence: the same seed draws the same.</summary>
    private sealed class Draws(int seed)
    {
        private ulong _state = unchecked((ulong)seed * 0x9E3779B97F4A7C15UL);

        public int Next(int from, int below)
        {
            _state = unchecked((_state * 6364136223846793005UL) + 1442695040888963407UL);
            return from + (int)((_state >> 33) % (ulong)(below - from));
        }
    }
}
