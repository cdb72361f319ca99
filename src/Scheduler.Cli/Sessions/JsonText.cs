using Google.Protobuf;

namespace Scheduler.Cli.Sessions;

/// <summary>Messages of the protocol as JSON: field names as in the .proto files, defaults left out.</summary>
internal static class JsonText
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithIndentation());

    public static string Of(IMessage message) => Formatter.Format(message);
}
