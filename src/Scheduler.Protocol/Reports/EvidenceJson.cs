using System.Buffers;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Scheduler.Protocol.Events;

namespace Scheduler.Protocol.Reports;

/// <summary>The same report for machines: messages of the protocol with the field names of the .proto files.</summary>
public static class EvidenceJson
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    public static string Write(EvidenceReport report)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Indented)) Write(json, report);
        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void Write(Utf8JsonWriter json, EvidenceReport report)
    {
        json.WriteStartObject();
        json.WriteString("generated_at", EvidencePage.Of(report.GeneratedAt));
        if (report.AskedBy.Length > 0) json.WriteString("asked_by", report.AskedBy);
        json.WriteBoolean("in_clear", report.InClear);
        json.WritePropertyName("debtor");
        json.WriteRawValue(Formatter.Format(report.Debtor));
        json.WriteStartArray("checks");
        foreach (var check in report.Checks)
        {
            json.WriteStartObject();
            json.WriteString("what", check.What);
            json.WriteBoolean("holds", check.Holds);
            json.WriteString("detail", check.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("dropped");
        foreach (var dropped in report.Dropped)
        {
            json.WriteStartObject();
            json.WriteString("debtor_id", dropped.DebtorId);
            json.WriteNumber("event_count", dropped.EventCount);
            json.WriteString("recorded_until", EvidencePage.Of(dropped.RecordedUntil));
            json.WriteString("taken_at", EvidencePage.Of(dropped.TakenAt));
            json.WriteNumber("checkpoint_cursor", dropped.CheckpointCursor);
            json.WriteStartArray("addresses");
            foreach (var address in dropped.Addresses) json.WriteStringValue(address);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("events");
        foreach (var recorded in report.Events) Write(json, recorded, report.InClear);
        json.WriteEndArray();
        json.WriteStartArray("rules");
        foreach (var rule in report.Rules)
        {
            json.WriteStartObject();
            json.WriteString("rule_id", rule.RuleId);
            json.WriteString("pack_version", rule.PackVersion);
            json.WriteString("kind", EvidenceSections.Word(rule.Kind.ToString()));
            json.WriteString("source", rule.Source);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RecordedEvent recorded, bool inClear)
    {
        var message = EventCodec.Write(recorded.Event);
        if (inClear) PersonalEvents.Fill(recorded.Event, message);
        json.WriteStartObject();
        json.WriteNumber("sequence", recorded.Sequence);
        json.WriteNumber("cursor", recorded.Cursor);
        json.WriteString("recorded_at", EvidencePage.Of(recorded.RecordedAt));
        json.WriteString("type", recorded.Event.Type);
        json.WriteString("sentence", Sentence.Of(recorded.Event));
        json.WriteString("chain_hash", recorded.ChainHash);
        json.WritePropertyName("event");
        json.WriteRawValue(Formatter.Format(message));
        json.WriteEndObject();
    }
}
