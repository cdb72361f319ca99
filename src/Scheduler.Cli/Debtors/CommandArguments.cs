using System.CommandLine;
using Google.Protobuf.WellKnownTypes;
using Scheduler.Cli.Importing;
using Scheduler.Cli.Sessions;
using Scheduler.V1;

namespace Scheduler.Cli.Debtors;

/// <summary>Arguments that several commands have, and how their words are read.</summary>
internal static class CommandArguments
{
    public static Argument<string> Debtor() => new("DEBTOR") { Description = "Debtor's id in the tenant" };

    public static Option<string> Channel(string description) => new("--channel") { Description = $"{description}: {FieldWords.All<ContactChannel>()}" };

    public static T Word<T>(string option, string word)
        where T : struct, System.Enum =>
        FieldWords.TryParse<T>(word, out var value) ? value : throw new UsageException($"{option}: '{word}' is none of {FieldWords.All<T>()}");

    public static Timestamp Instant(string option, string text) =>
        ProtocolValues.TryInstant(text, out var instant)
            ? ProtocolValues.ToTimestamp(instant)
            : throw new UsageException($"{option} must be an instant such as 2026-10-29T14:00:00Z, not '{text}'");
}
