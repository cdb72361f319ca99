using Scheduler.LoadTests.Measuring;
using Spectre.Console;

namespace Scheduler.LoadTests.Reporting;

/// <summary>What happens while it happens: a table that is drawn again on a terminal, a line every five looks elsewhere.</summary>
internal sealed class LiveDisplay(IAnsiConsole console, bool isPlain, string title)
{
    private const double MiB = 1 << 20;
    private const int LooksALine = 5;

    private RunSample? _former;
    private Table? _table;
    private int _looks;

    /// <summary>Shows what the sampler sees until the work is done.</summary>
    public async Task ShowAsync(RunSampler sampler, Func<Task> work)
    {
        if (isPlain || !console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi)
        {
            sampler.Looked += Line;
            await work();
            sampler.Looked -= Line;
            return;
        }

        _table = new Table().Border(TableBorder.Rounded).Title(Markup.Escape(title));
        foreach (var head in (string[])["second", "offered/s", "achieved/s", "open", "lateness p50 ms", "p99 ms", "processes: % of a core, MiB"]) _table.AddColumn(new TableColumn(head).RightAligned());
        _table.AddRow("", "", "", "", "", "", "");
        await console.Live(_table).AutoClear(true).StartAsync(async context =>
        {
            void Draw(RunSample sample)
            {
                var cells = Cells(sample);
                for (var i = 0; i < cells.Length; i++) _table.UpdateCell(0, i, Markup.Escape(cells[i]));
                context.Refresh();
            }

            sampler.Looked += Draw;
            await work();
            sampler.Looked -= Draw;
        });
    }

    private void Line(RunSample sample)
    {
        var cells = Cells(sample);
        if (_looks++ % LooksALine != 0) return;
        console.Profile.Out.Writer.WriteLine($"{cells[0],6} s  offered {cells[1]}/s  achieved {cells[2]}/s  open {cells[3]}  lateness p50 {cells[4]} p99 {cells[5]} ms  {cells[6]}");
    }

    private string[] Cells(RunSample sample)
    {
        var former = _former is { } before && before.Second < sample.Second ? before : sample with { Second = sample.Second - 1 };
        _former = sample;
        var apart = sample.Second - former.Second;
        var processes = sample.Processes.Zip(former.Processes, (now, was) => $"{now.Name} {(now.Use.CpuSeconds - was.Use.CpuSeconds) / apart * 100:0} % {now.Use.ResidentBytes / MiB:0}");
        return
        [
            $"{sample.Second:0}", $"{(sample.Offered - former.Offered) / apart:N0}", $"{(sample.Achieved - former.Achieved) / apart:N0}", $"{sample.Offered - sample.Achieved:N0}",
            $"{sample.P50:0.0}", $"{sample.P99:0.0}", string.Join(", ", processes),
        ];
    }
}
