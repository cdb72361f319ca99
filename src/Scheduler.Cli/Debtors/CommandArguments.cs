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

    /// <summary>Instead of a debtor: whoever lists the address.</summary>
    public static Option<string> FromAddress() => new("--from-address") { Description = "Instead of DEBTOR: the number, mailbox or handle it came from; every debtor that lists it" };

    public static Argument<string?> DebtorIfKnown() => new("DEBTOR") { Description = "Debtor's id in the tenant", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>Says whom a signal is about: the debtor, or the address. Answers the id that names it in the signal's own id.</summary>
    public static string Aim(Signal signal, string? debtor, string? address)
    {
        if (debtor is null == address is null) throw new UsageException("name a DEBTOR, or an address with --from-address");
        if (debtor is not null) signal.DebtorId = debtor;
        else signal.Address = address;
        return debtor ?? "address";
    }

    public static Option<string> Channel(string description) => new("--channel") { Description = $"{description}: {FieldWords.All<ContactChannel>()}" };

    public static T Word<T>(string option, string word)
        where T : struct, System.Enum =>
        FieldWords.TryParse<T>(word, out var value) ? value : throw new UsageException($"{option}: '{word}' is none of {FieldWords.All<T>()}");

    public static Timestamp Instant(string option, string text) =>
        ProtocolValues.TryInstant(text, out var instant)
            ? ProtocolValues.ToTimestamp(instant)
            : throw new UsageException($"{option} must be an instant such as 2026-10-29T14:00:00Z, not '{text}'");
}
