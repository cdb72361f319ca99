using System.CommandLine;
using System.Text;
using Grpc.Core;
using Scheduler.Cli.Sessions;
using Scheduler.V1;

namespace Scheduler.Cli.Debtors;

/// <summary>`scheduler debtor export`: everything held on a person, in clear, for the person who asks.</summary>
internal static class ExportCommand
{
    public static Command Create(CommandSet set)
    {
        var debtor = CommandArguments.Debtor();
        var reason = new Option<string>("--reason") { Description = "Why, without personal data; stands in the record", Required = true };
        var format = new Option<string>("--format") { Description = "html or json", DefaultValueFactory = _ => "html" };
        format.AcceptOnlyFromAmong("html", "json");
        var output = new Option<string>("--out") { Description = "File to write, readable by its owner alone; default: standard output" };
        var command = new Command("export", "Everything held on a person, in clear; the hand-over is recorded") { debtor, reason, format, output };
        command.SetAction((parse, cancel) => set.CallAsync(parse, async (session, settings) =>
        {
            var request = new ExportDebtorRequest
            {
                TenantId = settings.Tenant,
                DebtorId = parse.GetRequiredValue(debtor),
                Format = parse.GetRequiredValue(format),
                Actor = new Actor { Reason = parse.GetRequiredValue(reason) },
            };
            // Joined before anything is written: a stream that breaks leaves no half of a report behind.
            using var whole = new MemoryStream();
            using (var call = session.Debtors.ExportDebtor(request, cancellationToken: cancel))
            {
                await foreach (var piece in call.ResponseStream.ReadAllAsync(cancel)) piece.Chunk.WriteTo(whole);
            }

            if (parse.GetValue(output) is { } path) await WriteFileAsync(path, whole.ToArray(), cancel);
            else await set.Environment.Output.WriteAsync(Encoding.UTF8.GetString(whole.ToArray()));
            return ExitCode.Done;
        }));
        return command;
    }

    private static async Task WriteFileAsync(string path, byte[] bytes, CancellationToken cancel)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Options = FileOptions.Asynchronous };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var file = new FileStream(path, options);
        await file.WriteAsync(bytes, cancel);
    }
}
