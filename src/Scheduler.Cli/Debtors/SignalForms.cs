using System.CommandLine;
using System.Globalization;
using NodaTime.Text;
using Scheduler.Cli.Importing;
using Scheduler.Cli.Sessions;
using Scheduler.V1;

namespace Scheduler.Cli.Debtors;

/// <summary>The kinds of signal and the options of each.</summary>
internal static class SignalForms
{
    public static Command Payment(CommandSet set)
    {
        var account = Required("--account", "Account it was paid to");
        var amount = Required("--amount", "Amount; negative for a reversal");
        var balance = Text("--balance-after", "Balance after it; zero closes the account");
        var currency = Required("--currency", "ISO 4217 code");
        return SignalCommand.Form(set, "payment", "Money came in", [account, amount, balance, currency], (parse, signal) =>
        {
            var code = parse.GetRequiredValue(currency);
            signal.Payment = new Payment
            {
                PaymentId = signal.SignalId,
                AccountId = parse.GetRequiredValue(account),
                Amount = Money("--amount", parse.GetRequiredValue(amount), code),
            };
            if (parse.GetValue(balance) is { } after) signal.Payment.BalanceAfter = Money("--balance-after", after, code);
        });
    }

    public static Command Promise(CommandSet set)
    {
        var account = Required("--account", "Account it is for");
        var amount = Required("--amount", "Amount");
        var currency = Required("--currency", "ISO 4217 code");
        var due = Required("--due", "Promised date, yyyy-mm-dd");
        var promise = Text("--promise-id", "Promise's id (default: the signal's)");
        return SignalCommand.Form(set, "promise", "A promise to pay was made", [account, amount, currency, due, promise], (parse, signal) =>
        {
            var date = LocalDatePattern.Iso.Parse(parse.GetRequiredValue(due));
            if (!date.Success) throw new UsageException("--due must be yyyy-mm-dd");
            signal.Promise = new Promise
            {
                PromiseId = parse.GetValue(promise) ?? signal.SignalId,
                AccountIds = { parse.GetRequiredValue(account) },
                State = PromiseState.Pending,
                Amount = Money("--amount", parse.GetRequiredValue(amount), parse.GetRequiredValue(currency)),
                DueDate = ProtocolValues.ToDate(date.Value),
            };
        });
    }

    public static Command Consent(CommandSet set) => ConsentForm(set, "consent", "Consent was granted", ConsentKind.Granted);

    public static Command Withdraw(CommandSet set) => ConsentForm(set, "withdraw", "Consent was withdrawn", ConsentKind.Withdrawn);

    public static Command Hold(CommandSet set)
    {
        var kind = Required("--kind", $"Kind: {FieldWords.All<HoldKind>()}");
        var hold = Text("--hold-id", "Hold's id (default: the signal's)");
        var until = Text("--until", "End; without it, until lifted");
        var account = Text("--account", "Only this account");
        return SignalCommand.Form(set, "hold", "A fact that stops contact", [kind, hold, until, account], (parse, signal) =>
        {
            signal.HoldPlaced = new Hold
            {
                HoldId = parse.GetValue(hold) ?? signal.SignalId,
                Kind = CommandArguments.Word<HoldKind>("--kind", parse.GetRequiredValue(kind)),
                StartTime = signal.OccurTime,
            };
            if (parse.GetValue(until) is { } end) signal.HoldPlaced.EndTime = CommandArguments.Instant("--until", end);
            if (parse.GetValue(account) is { } only) signal.HoldPlaced.AccountIds.Add(only);
        });
    }

    public static Command Lift(CommandSet set)
    {
        var hold = Required("--hold-id", "Hold to lift");
        return SignalCommand.Form(set, "lift", "A hold was lifted", [hold], (parse, signal) => signal.HoldLifted = parse.GetRequiredValue(hold));
    }

    public static Command Inbound(CommandSet set)
    {
        var intent = Required("--intent", $"What it wants: {FieldWords.All<InboundIntent>()}");
        var twoWay = new Option<bool>("--two-way") { Description = "An exchange took place" };
        var account = Text("--account", "Account spoken of");
        return SignalCommand.Form(set, "inbound", "The debtor wrote or called", [intent, twoWay, account], (parse, signal) =>
        {
            signal.Inbound = new Inbound
            {
                Intent = CommandArguments.Word<InboundIntent>("--intent", parse.GetRequiredValue(intent)),
                TwoWay = parse.GetValue(twoWay),
                ProviderContactId = signal.SignalId,
            };
            if (parse.GetValue(account) is { } discussed) signal.Inbound.DiscussedAccountIds.Add(discussed);
        });
    }

    public static Command Point(CommandSet set)
    {
        var point = Text("--point", "Point's id; not with --from-address");
        var status = Required("--status", $"New state: {FieldWords.All<PointStatus>()}");
        return SignalCommand.Form(set, "point", "A contact point's state changed", [point, status], (parse, signal) => signal.PointChange = new PointChange
        {
            PointId = parse.GetValue(point) ?? "",
            Status = CommandArguments.Word<PointStatus>("--status", parse.GetRequiredValue(status)),
        });
    }

    public static Command Callback(CommandSet set)
    {
        var from = Required("--from", "Earliest instant");
        var until = Required("--until", "Latest instant");
        var point = Text("--point", "Point to call");
        return SignalCommand.Form(set, "callback", "The debtor asked to be called back", [from, until, point], (parse, signal) => signal.CallbackRequest = new CallbackRequest
        {
            EarliestTime = CommandArguments.Instant("--from", parse.GetRequiredValue(from)),
            LatestTime = CommandArguments.Instant("--until", parse.GetRequiredValue(until)),
            PointId = parse.GetValue(point) ?? "",
        });
    }

    public static Command Information(CommandSet set)
    {
        var subject = Required("--subject", "What: statement, payoff, plan");
        return SignalCommand.Form(set, "information", "The debtor asked for information", [subject], (parse, signal) =>
            signal.InformationRequest = new InformationRequest { Subject = parse.GetRequiredValue(subject), Channel = signal.Channel });
    }

    private static Command ConsentForm(CommandSet set, string name, string description, ConsentKind kind)
    {
        var channels = new Option<string[]>("--channel") { Description = $"Channel it is about, repeatable; none: all. {FieldWords.All<ContactChannel>()}" };
        var purposes = new Option<string[]>("--purpose") { Description = $"Purpose it is about, repeatable. {FieldWords.All<ContactPurpose>()}" };
        var creditor = Text("--creditor", "Creditor it is about; without it, all");
        var method = Text("--method", "signed_form, web, recorded_call, oral, sms_reply, letter");
        var direct = new Option<bool>("--given-directly") { Description = "Given straight to this collector" };
        var debtor = CommandArguments.DebtorIfKnown();
        var address = CommandArguments.FromAddress();
        var id = Text("--id", "Consent's id, unique in the tenant (default: from kind, debtor and time)");
        var at = Text("--at", "When it was given (default: now)");
        var command = new Command(name, description) { debtor, address, id, at, channels, purposes, creditor, method, direct };
        command.SetAction((parse, cancel) => SignalCommand.SendAsync(set, parse, signal => CommandArguments.Aim(signal, parse.GetValue(debtor), parse.GetValue(address)), name, parse.GetValue(id), parse.GetValue(at), signal =>
        {
            signal.Consent = new ConsentFact
            {
                ConsentId = signal.SignalId,
                Kind = kind,
                GivenTime = signal.OccurTime,
                CreditorId = parse.GetValue(creditor) ?? "",
                Method = parse.GetValue(method) ?? "oral",
                Instrument = ConsentInstrument.Message,
                GivenDirectly = parse.GetValue(direct),
            };
            foreach (var word in parse.GetValue(channels) ?? []) signal.Consent.Channels.Add(CommandArguments.Word<ContactChannel>("--channel", word));
            foreach (var word in parse.GetValue(purposes) ?? []) signal.Consent.Purposes.Add(CommandArguments.Word<ContactPurpose>("--purpose", word));
        }, cancel));
        return command;
    }

    private static Option<string> Required(string name, string description) => new(name) { Description = description, Required = true };

    private static Option<string> Text(string name, string description) => new(name) { Description = description };

    private static Google.Type.Money Money(string option, string text, string currency) =>
        decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount)
            ? ProtocolValues.ToMoney(amount, currency)
            : throw new UsageException($"{option} must be a number, not '{text}'");
}
