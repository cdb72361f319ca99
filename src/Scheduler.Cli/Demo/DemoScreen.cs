using NodaTime;
using Scheduler.Cli.Sessions;
using Spectre.Console;

namespace Scheduler.Cli.Demo;

/// <summary>What is seen while the days pass: a live table where a person looks, one line a day where none does, nothing with JSON.</summary>
internal static class DemoScreen
{
    public static async Task<DemoReport> ShowAsync(CommandSet set, bool json, Func<Action<DemoProgress>, Task<DemoReport>> play)
    {
        if (json) return await play(_ => { });
        if (!set.Environment.IsInteractive) return await play(Lines(set.Environment.Error));
        var console = set.Console(set.Environment.Error);
        return await console.Live(Table([])).StartAsync(async context =>
        {
            List<(LocalDate Day, DemoProgress Progress)> days = [];
            return await play(progress =>
            {
                var day = DemoPlan.DayOf(progress.Now - NodaTime.Duration.FromSeconds(1));
                if (days.Count > 0 && days[^1].Day == day) days[^1] = (day, progress);
                else days.Add((day, progress));
                context.UpdateTarget(Table(days));
            });
        });
    }

    public static string Note(LocalDate day) => (day.Month, day.Day) switch
    {
        (11, 1) => "Sunday; summer time ends in the United States",
        (11, 2) => "holiday in Colombia",
        _ when day.DayOfWeek is IsoDayOfWeek.Sunday => "Sunday",
        _ => "",
    };

    private static Action<DemoProgress> Lines(TextWriter writer) => progress =>
    {
        var day = DemoPlan.DayOf(progress.Now - NodaTime.Duration.FromSeconds(1));
        if (DemoPlan.DayOf(progress.Now) == day) return;
        writer.WriteLine($"{day:ddd uuuu-MM-dd}  leased {progress.Leased}, placed {progress.Placed}, right party {progress.RightParty}, promises {progress.Promises}  {Note(day)}");
    };

    private static Table Table(List<(LocalDate Day, DemoProgress Progress)> days)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("day");
        foreach (var column in (string[])["leased", "placed", "right party", "promises"]) table.AddColumn(new TableColumn(column).RightAligned());
        table.AddColumn("");
        var before = default(DemoProgress);
        foreach (var (day, at) in days)
        {
            table.AddRow(
                $"{day:ddd uuuu-MM-dd}", $"{at.Leased - before.Leased}", $"{at.Placed - before.Placed}",
                $"{at.RightParty - before.RightParty}", $"{at.Promises - before.Promises}", Note(day));
            before = at;
        }

        return table;
    }
}
