using System.CommandLine;
using Scheduler.Cli.Sessions;

namespace Scheduler.Cli.Serving;

/// <summary>`scheduler migrate`: the host brings its database to this build's schema and ends.</summary>
internal static class MigrateCommand
{
    public static Command Create(CommandSet set)
    {
        var config = new Option<string>("--config") { Description = "Configuration file (JSON)" };
        var data = new Option<string>("--data") { Description = "Folder of the database, created if missing" };
        var rest = new Argument<string[]>("SETTINGS") { Description = "Further settings of the host, after --: Section:Name=value", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("migrate", "Bring the database to this build's schema") { config, data, rest };
        command.SetAction((parse, cancel) => ServeCommand.RunAsync(
            set, ["migrate", .. ServeCommand.Settings(parse.GetValue(config), parse.GetValue(data), parse.GetValue(rest))], cancel));
        return command;
    }
}
