using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Cli.Auditing;

/// <summary>An audit's report for a person and for a machine.</summary>
internal static class AuditText
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static void Write(TextWriter output, AuditReport report)
    {
        var log = report.Log;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{log.RecordCount:N0} records, {log.EventCount:N0} events, {log.DebtorCount:N0} debtors, {log.LeaseCount:N0} leases judged again, {log.LateFactCount:N0} late facts"));
        if (log.DroppedCount > 0) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{log.DroppedCount:N0} records dropped under {log.CheckpointCount:N0} checkpoints: their leases were not judged again"));
        output.WriteLine(report.Question.DebtorId.Length > 0
            ? $"{report.RootCount} daily roots: signatures checked; of one debtor's records no root can be made"
            : $"{report.RootCount} daily roots, {report.RecomputedRoots} recomputed{(report.HasOwnKey ? "" : " (with the key that the service told: pass --public-key to use your own copy)")}");
        if (report.Copy is { } copy) output.WriteLine(Sentence(copy));
        output.WriteLine($"{report.HeadCount} states held against the log");
        foreach (var pack in report.UnknownPacks) output.WriteLine($"note: pack {pack} is not at hand here");
        foreach (var finding in report.Findings)
        {
            var where = string.Join(' ', new[] { finding.DebtorId, finding.DispatchId, finding.Cursor > 0 ? $"cursor {finding.Cursor}" : "" }.Where(static part => part.Length > 0));
            output.WriteLine($"{finding.Kind}: {where}: {finding.Detail}");
        }

        output.WriteLine(report.IsClean ? "clean" : $"{report.FindingCount} found");
    }

    public static string Json(AuditReport report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Indented)) Write(json, report);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static void Write(Utf8JsonWriter json, AuditReport report)
    {
        json.WriteStartObject();
        json.WriteString("tenant_id", report.Question.Tenant);
        if (report.Question.DebtorId.Length > 0) json.WriteString("debtor_id", report.Question.DebtorId);
        json.WriteBoolean("clean", report.IsClean);
        json.WriteNumber("records", report.Log.RecordCount);
        json.WriteNumber("events", report.Log.EventCount);
        json.WriteNumber("debtors", report.Log.DebtorCount);
        json.WriteNumber("leases", report.Log.LeaseCount);
        json.WriteNumber("late_facts", report.Log.LateFactCount);
        json.WriteNumber("dropped_records", report.Log.DroppedCount);
        json.WriteNumber("checkpoints", report.Log.CheckpointCount);
        json.WriteNumber("daily_roots", report.RootCount);
        json.WriteNumber("daily_roots_recomputed", report.RecomputedRoots);
        json.WriteBoolean("own_public_key", report.HasOwnKey);
        if (report.Copy is { } copy) Write(json, copy);
        json.WriteNumber("states", report.HeadCount);
        json.WriteStartArray("packs_not_at_hand");
        foreach (var pack in report.UnknownPacks) json.WriteStringValue(pack);
        json.WriteEndArray();
        json.WriteNumber("finding_count", report.FindingCount);
        json.WriteStartArray("findings");
        foreach (var finding in report.Findings)
        {
            json.WriteStartObject();
            json.WriteString("kind", finding.Kind);
            if (finding.Cursor > 0) json.WriteNumber("cursor", finding.Cursor);
            if (finding.DebtorId.Length > 0) json.WriteString("debtor_id", finding.DebtorId);
            if (finding.DispatchId.Length > 0) json.WriteString("dispatch_id", finding.DispatchId);
            json.WriteString("detail", finding.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Sentence(CopyReport copy)
    {
        var others = copy.OfOthers > 0 ? string.Create(CultureInfo.InvariantCulture, $"; {copy.OfOthers} of other tenants not looked at") : "";
        if (copy.Newest is not { } newest) return string.Create(CultureInfo.InvariantCulture, $"copy of the roots: none of this tenant, {copy.RecordsSince:N0} records are proved by nothing outside the database{others}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"copy of the roots: {copy.RootCount} held against the service, {copy.NotCopied} more listed there; the newest copied is of {ScalarMap.ToDate(newest.Day):uuuu-MM-dd}, signed {newest.SignTime.ToDateTimeOffset():yyyy-MM-dd HH:mm}Z; {copy.RecordsSince:N0} records since are proved by nothing outside the database{others}");
    }

    private static void Write(Utf8JsonWriter json, CopyReport copy)
    {
        json.WriteStartObject("roots_copy");
        json.WriteNumber("roots", copy.RootCount);
        json.WriteNumber("of_other_tenants", copy.OfOthers);
        json.WriteNumber("not_copied", copy.NotCopied);
        if (copy.Newest is { } newest)
        {
            json.WriteString("newest_day", string.Create(CultureInfo.InvariantCulture, $"{ScalarMap.ToDate(newest.Day):uuuu-MM-dd}"));
            json.WriteString("newest_sign_time", newest.SignTime.ToDateTimeOffset());
            json.WriteNumber("newest_up_to_cursor", newest.UpToCursor);
        }

        json.WriteNumber("records_since", copy.RecordsSince);
        json.WriteEndObject();
    }
}
