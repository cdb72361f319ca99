using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Grpc.Core;

namespace Grpc.Wire;

/// <summary>Metadata entries as header text: bytes are base64 without padding, and several may share one header.</summary>
internal static class MetadataText
{
    private static readonly SearchValues<char> Sendable =
        SearchValues.Create(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).ToArray());

    public static bool TryWrite(Metadata.Entry entry, [NotNullWhen(true)] out string? value)
    {
        value = entry.IsBinary ? Convert.ToBase64String(entry.Bytes).TrimEnd('=') : entry.Value;
        if (value.AsSpan().ContainsAnyExcept(Sendable))
        {
            value = null;
            return false;
        }

        return true;
    }

    public static string Write(Metadata.Entry entry) => TryWrite(entry, out var value)
        ? value
        : throw new InvalidOperationException($"The value of metadata '{entry.Key}' has characters that a header cannot carry.");

    public static void Read(string key, string value, Metadata target)
    {
        if (!IsReadable(key))
        {
            return;
        }

        if (!key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
        {
            target.Add(key, value);
            return;
        }

        foreach (var part in value.AsSpan().Split(','))
        {
            target.Add(key, DecodeBase64(value.AsSpan(part).Trim()));
        }
    }

    /// <summary>Pseudo headers are not metadata, and neither is a name that metadata could not hold.</summary>
    private static bool IsReadable(string key) =>
        key.Length > 0 && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static byte[] DecodeBase64(ReadOnlySpan<char> text)
    {
        var unpadded = text.TrimEnd('=');
        var padded = string.Concat(unpadded, "===".AsSpan(0, (4 - (unpadded.Length % 4)) % 4));
        try
        {
            return Convert.FromBase64String(padded);
        }
        catch (FormatException exception)
        {
            throw new RpcException(new Status(StatusCode.Internal, "A binary header is not base64.", exception));
        }
    }
}
