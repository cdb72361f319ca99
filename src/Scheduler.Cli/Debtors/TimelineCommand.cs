using System.CommandLine;
using Scheduler.Cli.Sessions;
using Scheduler.V1;
using Spectre.Console;

namespace Scheduler.Cli.Debtors;

/// <summary>`scheduler timeline DEBTOR`: what happened to a debtor, newest record first.</summary>
internal static class TimelineCommand
{
    private const int PageSize = 200;

    public static Command Create(CommandSet set)
    {
        var debtor = CommandArguments.Debtor();
        var limit = new Option<int>("--limit") { Description = "Entries at most", DefaultValueFactory = _ => 50 };
        var before = new Option<string>("--recorded-before") { Description = "Only what was known before this instant" };
        var command = new Command("timeline", "History of a debtor, newest first") { debtor, limit, before };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var request = new ListTimelineRequest { TenantId = settings.Tenant, DebtorId = parse.GetRequiredValue(debtor) };
            if (parse.GetValue(before) is { } text) request.RecordedBeforeTime = CommandArguments.Instant("--recorded-before", text);
            var whole = await ReadAsync(session, request, parse.GetValue(limit), cancel);
            if (settings.Json) await set.Environment.Output.WriteLineAsync(JsonText.Of(whole));
            else Write(set.Console(set.Environment.Output), whole);
            return ExitCode.Done;
        }));
        return command;
    }

    public static async Task<ListTimelineResponse> ReadAsync(ServiceSession session, ListTimelineRequest request, int limit, CancellationToken cancel)
    {
        var whole = new ListTimelineResponse();
        do
        {
            request.PageSize = Math.Min(PageSize, limit - whole.Entries.Count);
            var page = await session.Debtors.ListTimelineAsync(request, cancellationToken: cancel);
            whole.Entries.AddRange(page.Entries);
            whole.NextPageToken = request.PageToken = page.NextPageToken;
            whole.Dropped = page.Dropped;
        }
        while (whole.NextPageToken.Length > 0 && whole.Entries.Count < limit);
        return whole;
    }

    public static void Write(IAnsiConsole console, ListTimelineResponse timeline)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("occurred").AddColumn("event").AddColumn("channel").AddColumn("what");
        foreach (var entry in timeline.Entries)
        {
            var late = entry.RecordTime is { } recorded && entry.OccurTime is { } occurred && (recorded - occurred).ToTimeSpan() > TimeSpan.FromMinutes(1)
                ? $" (recorded {Words.Of(recorded)})"
                : "";
            table.AddRow(Words.Of(entry.OccurTime), Markup.Escape(entry.EventType), Words.Of(entry.Channel), Markup.Escape(entry.Summary + late));
        }

        console.Write(table);
        if (timeline.NextPageToken.Length > 0) console.WriteLine("there is more: raise --limit");
        if (timeline.Dropped is not { } dropped) return;
        console.WriteLine(dropped.CheckpointCursor > 0
            ? $"records until {Words.Of(dropped.RecordedUntilTime)} were dropped on {Words.Of(dropped.TakeTime)} under the checkpoint at cursor {dropped.CheckpointCursor}: {dropped.EventCount} events"
            : $"records until {Words.Of(dropped.RecordedUntilTime)} are gone, and no checkpoint stands for them: run audit verify");
    }
}
