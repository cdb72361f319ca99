using System.CommandLine;
using System.Text.Json;
using Scheduler.Cli.Sessions;

namespace Scheduler.Cli.Packs;

/// <summary>`scheduler pack …`: rule packs on disk or as shipped, without a service.</summary>
internal static class PackCommand
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create(CommandSet set) => new("pack", "Rule packs: look for faults, run their cases, show and compare them")
    {
        PackLintCommand.Create(set),
        PackTestCommand.Create(set),
        PackShowCommand.CreateList(set),
        PackShowCommand.Create(set),
        PackDiffCommand.Create(set),
    };

    public static Argument<string[]> Paths() => new("PATH")
    {
        Description = "A pack's folder, a folder of them, or a pack.yaml; none: the packs that ship",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static void WriteJson<T>(TextWriter output, T value) => output.WriteLine(JsonSerializer.Serialize(value, Json));
}
