using System.Globalization;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Statuses as header text.</summary>
internal static class StatusText
{
    private static readonly string[] Numbers =
        [.. Enumerable.Range(0, (int)StatusCode.Unauthenticated + 1).Select(code => code.ToString(CultureInfo.InvariantCulture))];

    public static string Number(StatusCode code) =>
        (uint)code < (uint)Numbers.Length ? Numbers[(int)code] : Numbers[(int)StatusCode.Unknown];

    /// <summary>Reads grpc-status; a number that names no code is UNKNOWN.</summary>
    public static StatusCode Parse(string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code < Numbers.Length
            ? (StatusCode)code
            : StatusCode.Unknown;

    public static string OfException(Exception exception, bool isDetailed)
    {
        const string Plain = "Exception was thrown by handler.";
        if (!isDetailed)
        {
            return Plain;
        }

        var detail = $"{Plain} {exception.GetType().Name}: {exception.Message}";
        for (var inner = exception.InnerException; inner is not null; inner = inner.InnerException)
        {
            detail += $" {inner.GetType().Name}: {inner.Message}";
        }

        return detail;
    }
}
