using NodaTime;
using NodaTime.Text;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Tests.Debtors;
using static Scheduler.Domain.Tests.Debtors.Sample;

namespace Scheduler.Domain.Tests.Strategies;

/// <summary>What becomes of a strategy under the rules of a country when every message is delivered and nobody answers a call.</summary>
public sealed class CalendarTests
{
    /// <summary>Colombia's strict reading moves the classic's steps: a delivered message closes the other channels for seven days.</summary>
    private const string ClassicInColombia = """
        | local            | channel  | step              |
        | 2026-03-03 07:00 | whatsapp | whatsapp-reminder |
        | 2026-03-10 07:00 | email    | statement         |
        | 2026-03-17 07:00 | call     | call-centre       |
        """;

    /// <summary>One channel a week meets no closed door: nothing lapses, nothing moves.</summary>
    private const string OneChannelAWeek = """
        | local            | channel  | step           |
        | 2026-03-03 07:00 | whatsapp | whatsapp       |
        | 2026-03-05 07:00 | whatsapp | whatsapp-again |
        | 2026-03-12 07:00 | sms      | sms            |
        | 2026-03-19 07:00 | call     | call           |
        | 2026-03-21 08:00 | call     | call-again     |
        | 2026-03-28 08:00 | email    | statement      |
        | 2026-04-04 08:00 | call     | call-centre    |
        """;

    /// <summary>In New York the classic runs as written; calls by preview or progressive dialling are not automated texts.</summary>
    private const string ClassicInNewYork = """
        | local            | channel  | step              |
        | 2026-03-03 00:00 | whatsapp | whatsapp-reminder |
        | 2026-03-05 00:00 | sms      | sms-reminder      |
        | 2026-03-07 00:00 | call     | first-call        |
        | 2026-03-10 00:00 | email    | statement         |
        | 2026-03-12 00:00 | call     | call-centre       |
        """;

    [Fact]
    public void The_classic_moves_under_Colombias_strict_pack() => Assert.Equal(ClassicInColombia, Play(WithClassic, Colombian(), Bogota));

    [Fact]
    public void One_channel_a_week_is_Colombias_default_and_fits_its_strict_pack() => Assert.Equal(OneChannelAWeek, Play(Shipped, Colombian(), Bogota));

    [Fact]
    public void The_classic_is_the_default_elsewhere_and_runs_as_written() => Assert.Equal(ClassicInNewYork, Play(Shipped, NewYorker(), NewYork));

    private static string Play(DecisionContext context, EntryCommand entry, DateTimeZone zone)
    {
        var pattern = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm");
        var run = new Run(context, zone.AtStrictly(new LocalDateTime(2026, 3, 2, 9, 0)).ToInstant());
        run.Enter(entry);
        var rows = new List<string[]> { new[] { "local", "channel", "step" } };
        while (run.State.Wake.At is not null)
        {
            if (run.WakeNext().Offer is not { } offer) continue;
            var lease = run.MustLease(offer.Channel);
            rows.Add([pattern.Format(run.Now.InZone(zone).LocalDateTime), offer.Channel.ToString().ToLowerInvariant(), lease.StepId]);
            run.Report(lease, run.Placed(offer.Channel == ContactChannel.Call ? Disposition.NoAnswer : Disposition.Accepted, receipts: offer.Channel != ContactChannel.Call));
            if (offer.Channel != ContactChannel.Call) run.Receive(lease, ReceiptKind.Delivered);
        }

        var widths = Enumerable.Range(0, 3).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return string.Join('\n', rows.Select(row => "| " + string.Join(" | ", row.Select((cell, column) => cell.PadRight(widths[column]))) + " |"));
    }
}
