using System.Buffers;
using System.Text;

namespace Grpc.Wire;

/// <summary>The encoding of grpc-message: UTF-8, with everything but printable ASCII, and the percent sign, escaped.</summary>
internal static class PercentEncoding
{
    private const string Hex = "0123456789ABCDEF";

    private static readonly SearchValues<char> Plain =
        SearchValues.Create(Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code).Where(c => c != '%').ToArray());

    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Plain))
        {
            return text;
        }

        var encoded = new StringBuilder(text.Length * 2);
        foreach (var octet in Encoding.UTF8.GetBytes(text))
        {
            if (octet is >= (byte)' ' and <= (byte)'~' and not (byte)'%')
            {
                encoded.Append((char)octet);
            }
            else
            {
                encoded.Append('%').Append(Hex[octet >> 4]).Append(Hex[octet & 0xF]);
            }
        }

        return encoded.ToString();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; a malformed escape is kept as it stands, as the specification asks.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var octets = new ArrayBufferWriter<byte>(text.Length);
        var i = 0;
        while (i < text.Length)
        {
            if (text[i] == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2]))
            {
                octets.Write([Convert.FromHexString(text.AsSpan(i + 1, 2))[0]]);
                i += 3;
            }
            else
            {
                octets.Write(Encoding.UTF8.GetBytes(text, i, 1));
                i++;
            }
        }

        return Encoding.UTF8.GetString(octets.WrittenSpan);
    }
}
