using System.CommandLine;

namespace Scheduler.Cli.Sessions;

/// <summary>Options that every command has.</summary>
internal sealed class GlobalOptions
{
    private readonly Option<string> _address;
    private readonly Option<string> _token;
    private readonly Option<string> _tenant;
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON instead of tables", Recursive = true };

    public GlobalOptions(RootCommand root, CliEnvironment environment)
    {
        _address = Text("--address", "Address of the service (SCHEDULER_ADDRESS)", environment.Variable("SCHEDULER_ADDRESS") ?? "http://127.0.0.1:7070");
        _token = Text("--token", "Credential (SCHEDULER_TOKEN); 'development' works on loopback", environment.Variable("SCHEDULER_TOKEN") ?? "development");
        _tenant = Text("--tenant", "Tenant", "demo");
        root.Add(_address);
        root.Add(_token);
        root.Add(_tenant);
        root.Add(_json);
    }

    public CallSettings Read(ParseResult parse) => new(
        parse.GetRequiredValue(_address), parse.GetRequiredValue(_token), parse.GetRequiredValue(_tenant), parse.GetValue(_json));

    private static Option<string> Text(string name, string description, string fallback) => new(name)
    {
        Description = description,
        Recursive = true,
        DefaultValueFactory = _ => fallback,
    };
}

/// <summary>Whom to call, as whom, for which tenant, and how to print.</summary>
internal sealed record CallSettings(string Address, string Token, string Tenant, bool Json);
