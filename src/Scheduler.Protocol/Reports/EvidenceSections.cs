using System.Collections.Immutable;
using System.Globalization;
using NodaTime.Text;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Events;

namespace Scheduler.Protocol.Reports;

/// <summary>The sections of the report, each a table a person can read aloud.</summary>
internal static class EvidenceSections
{
    private static readonly LocalDateTimePattern Local = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm");

    public static void Person(Html html, EvidenceReport report)
    {
        var debtor = report.Debtor;
        html.Section("who", "Who", "", ["Field", "Value"],
        [
            ["Tenant", debtor.TenantId],
            ["Debtor", debtor.DebtorId],
            ["State", Word(debtor.State.ToString())],
            ["Language", debtor.Profile?.Language is { Length: > 0 } language ? language : "not recorded"],
            ["Next look", debtor.WakeTime is { } wake ? $"{wake.ToDateTimeOffset():yyyy-MM-dd HH:mm:ss'Z'} ({debtor.WakeReason})" : debtor.WakeReason],
        ]);
        html.Section("places", "Places and zones", "Where the debtor may be, and what says so. Contact must be permitted in every zone that cannot be ruled out.",
            ["Country", "Region", "Municipality", "Postal code", "Zone", "Source"],
            [.. (debtor.Profile?.Locations ?? []).Select(l => new[] { l.CountryCode, l.RegionCode, l.MunicipalityCode, report.InClear || l.PostalCode.Length == 0 ? l.PostalCode : "***", l.ZoneId, Word(l.Source.ToString()) })]);
        html.Section("points", "Contact points", "", ["Point", "Kind", "Address", "Place", "State", "Obtained from"],
            [.. debtor.ContactPoints.Select(static p => new[] { p.PointId, Word(p.Kind.ToString()), p.Address, Word(p.Place.ToString()), Word(p.Status.ToString()), p.ObtainedFrom })]);
        html.Section("accounts", "Accounts", "", ["Account", "Creditor", "Collected as", "Balance", "Oldest due", "Variables"],
            [.. debtor.Accounts.Select(a => new[]
            {
                a.AccountId, a.CreditorId, Word(a.CollectorKind.ToString()), Money(a.Balance), a.OldestDueDate is { } d ? $"{d.Year:0000}-{d.Month:00}-{d.Day:00}" : "",
                report.InClear ? string.Join("; ", a.Variables.OrderBy(static v => v.Key, StringComparer.Ordinal).Select(static v => $"{v.Key}: {v.Value}")) : string.Join(", ", a.Variables.Keys.Order(StringComparer.Ordinal)),
            })]);
    }

    public static void Ledger(Html html, EvidenceReport report)
    {
        html.Section("consent", "Consent ledger", "Every fact ever recorded, oldest first; nothing is taken out of it.",
            ["Given", "Fact", "Channels", "Purposes", "Until", "Method", "Recorded", "Evidence"],
            [.. Of<DebtorEvent.ConsentRecorded>(report).Select(r => Row(r.Event, r.Recorded, report.InClear))]);
        html.Section("holds", "Holds", "", ["From", "Hold", "Kind", "Covers", "Until"],
            [.. Of<DebtorEvent.HoldPlaced>(report).Select(static r => new[]
            {
                EvidencePage.Of(r.Event.Hold.Start), r.Event.Hold.Id, Word(r.Event.Hold.Kind.ToString()),
                r.Event.Hold.Accounts.IsEmpty ? "every account" : string.Join(", ", r.Event.Hold.Accounts), r.Event.Hold.End is { } end ? EvidencePage.Of(end) : "until lifted",
            }), .. Of<DebtorEvent.HoldEnded>(report).Select(static r => new[] { EvidencePage.Of(r.Event.At), r.Event.HoldId, Word(r.Event.Kind.ToString()), "", r.Event.Lifted ? "lifted" : "ended" })]);
        html.Section("promises", "Promises to pay", "", ["When", "Promise", "Amount", "Due", "State"],
            [.. Of<DebtorEvent.PromiseChanged>(report).Select(static r => new[]
            {
                EvidencePage.Of(r.Event.At), r.Event.Promise.Id, Amount(r.Event.Promise.Amount), LocalDatePattern.Iso.Format(r.Event.Promise.DueOn), Word(r.Event.Promise.State.ToString()),
            })]);
    }

    public static void Decisions(Html html, EvidenceReport report)
    {
        var sources = report.Rules.GroupBy(static r => r.RuleId, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.First(), StringComparer.Ordinal);
        html.Section("decisions", "Why the debtor was contacted, or not", "Every decision about a contact, permitted and refused, oldest first.",
            ["When", "Decision", "Stood on", "Packs"],
            [.. report.Events.Select(r => EvidenceDecision.Of(r.Event, sources) is { } decision ? new[] { EvidencePage.Of(r.Event.At), decision.Sentence, decision.StoodOn, decision.Packs } : null).OfType<string[]>()]);
    }

    public static void Contacts(Html html, EvidenceReport report) => html.Section("contacts", "Contacts and outcomes", "Ours, the debtor's own and those made elsewhere.",
        ["Placed", "Contact", "Channel", "About", "What is known", "Counts"],
        [.. report.Events.Select(static r => r.Event switch
        {
            DebtorEvent.ContactPlaced e => Row(e.Contact, Word(e.Disposition.ToString()) + (e.BrokenRuleIds.IsDefaultOrEmpty ? "" : $"; late fact: {string.Join(", ", e.BrokenRuleIds)}")),
            DebtorEvent.InboundReceived e => Row(e.Contact, "the debtor came in: " + Word(e.Intent.ToString())),
            DebtorEvent.ContactSeeded e => Row(e.Contact, $"made elsewhere ({e.Source})"),
            DebtorEvent.ContactNotPlaced e => [EvidencePage.Of(e.At), e.Dispatch.Value, "", "", "not placed: " + Word(e.Reason.ToString()), "no"],
            _ => null,
        }).OfType<string[]>()]);

    public static void Timeline(Html html, EvidenceReport report) => html.Section("timeline", "Whole record", "Every event, oldest first, with its place in the hash chain.",
        ["No.", "Happened", "Recorded", "Event", "What", "Chain"],
        [.. report.Events.Select(static r => new[]
        {
            r.Sequence.ToString(CultureInfo.InvariantCulture), EvidencePage.Of(r.Event.At), EvidencePage.Of(r.RecordedAt), r.Event.Type, Sentence.Of(r.Event), r.ChainHash.Length > 8 ? r.ChainHash[..8] + "…" : r.ChainHash,
        })]);

    public static void Rules(Html html, EvidenceReport report) => html.Section("rules", "Rules cited", "Rules of the packs that decisions above name, and where they come from.",
        ["Rule", "Pack", "Kind", "Source"],
        [.. report.Rules.OrderBy(static r => r.PackVersion, StringComparer.Ordinal).ThenBy(static r => r.RuleId, StringComparer.Ordinal).Select(static r => new[] { r.RuleId, r.PackVersion, Word(r.Kind.ToString()), r.Source })]);

    /// <summary>"CONTACT_CHANNEL_WHATSAPP", "NoAnswer" or "Whatsapp" as lower-case words.</summary>
    internal static string Word(string name)
    {
        var words = new System.Text.StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && words.Length > 0) words.Append(' ');
            words.Append(c == '_' ? ' ' : char.ToLowerInvariant(c));
        }

        return words.ToString();
    }

    internal static string At(ZoneTime zone) => $"{Local.Format(zone.Local)} {zone.ZoneId}";

    private static IEnumerable<(T Event, NodaTime.Instant Recorded)> Of<T>(EvidenceReport report)
        where T : DebtorEvent =>
        report.Events.Where(static r => r.Event is T).Select(static r => ((T)r.Event, r.RecordedAt));

    private static string[] Row(DebtorEvent.ConsentRecorded recorded, NodaTime.Instant at, bool inClear)
    {
        var fact = recorded.Consent;
        return
        [
            EvidencePage.Of(fact.GivenAt), $"{Word(fact.Kind.ToString())} ({fact.Id})", Channels(fact.Channels),
            fact.Purposes.IsDefaultOrEmpty ? (fact.Kind == ConsentKind.Withdrawn ? "all" : "collection") : string.Join(", ", fact.Purposes.Select(static p => Word(p.ToString()))),
            fact.ExpiresAt is { } end ? EvidencePage.Of(end) : "until withdrawn", string.Join(", ", new[] { fact.Method, fact.Instrument == ConsentInstrument.Unknown ? "" : Word(fact.Instrument.ToString()) }.Where(static m => m.Length > 0)),
            EvidencePage.Of(at), inClear ? fact.EvidenceRef : "not shown",
        ];
    }

    private static string[] Row(ContactRecord contact, string known) =>
    [
        EvidencePage.Of(contact.PlacedAt), contact.Id, Word(contact.Channel.ToString()), string.Join(", ", contact.Accounts),
        known + (contact.DeliveredAt is { } at ? $"; delivered {EvidencePage.Of(at)}" : ""), contact.IsCounted ? "yes" : "no, by an exception",
    ];

    private static string Channels(ChannelSet channels)
    {
        if (channels.IsEmpty) return "all";
        return string.Join(", ", Enum.GetValues<ContactChannel>().Where(channel => channels.Contains(channel)).Select(static channel => Word(channel.ToString())));
    }

    private static string Amount(Amount amount) => string.Create(CultureInfo.InvariantCulture, $"{amount.Units:N0} {amount.Currency}");

    private static string Money(Google.Type.Money? money) => money is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{money.Units:N0} {money.CurrencyCode}");
}
