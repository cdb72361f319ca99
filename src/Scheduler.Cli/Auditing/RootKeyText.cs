using System.Globalization;
using System.Text;
using Scheduler.Cli.Sessions;
using Scheduler.Protocol.Mapping;
using Scheduler.V1;

namespace Scheduler.Cli.Auditing;

/// <summary>The keys of daily roots as one file that `audit verify --public-key` takes: a PEM block each, under a line that says what it signed.</summary>
internal static class RootKeyText
{
    public static string Pem(IEnumerable<RootKey> keys)
    {
        var text = new StringBuilder();
        foreach (var key in keys)
        {
            text.Append(CultureInfo.InvariantCulture, $"# {key.KeyId}: {Period(key)}{(key.Present ? "; the present key" : "")}\n");
            text.Append(key.PublicKeyPem.Length > 0 ? key.PublicKeyPem : "# not kept by the service: replaced before it kept public keys\n");
        }

        return text.ToString();
    }

    public static string Json(IEnumerable<RootKey> keys) => JsonText.Of(new ListRootsResponse { Keys = { keys } }) + "\n";

    private static string Period(RootKey key) => key is { FirstDay: { } first, LastDay: { } last }
        ? string.Create(CultureInfo.InvariantCulture, $"roots of {ScalarMap.ToDate(first):uuuu-MM-dd} to {ScalarMap.ToDate(last):uuuu-MM-dd}")
        : "no root of this tenant";
}
