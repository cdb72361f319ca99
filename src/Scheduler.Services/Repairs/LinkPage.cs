using System.Buffers.Text;
using System.Text;
using Scheduler.Protocol.Border;
using Scheduler.Services.Refusals;
using Scheduler.Storage;

namespace Scheduler.Services.Repairs;

/// <summary>Where a page of a list of links begins and how long it is, as a caller asks for it.</summary>
internal static class LinkPage
{
    public const int SizeDefault = 100;
    public const int SizeLimit = 500;

    private const char Between = '\n';

    public static int Size(FieldViolations violations, int asked)
    {
        if (asked < 0) violations.Add("page_size", FieldReasons.Negative, "not negative");
        return asked == 0 ? SizeDefault : Math.Min(asked, SizeLimit);
    }

    /// <summary>Null: from the first.</summary>
    public static LinkRow? After(string token)
    {
        if (token.Length == 0) return null;
        try
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token)).Split(Between);
            if (parts.Length == 2) return new LinkRow(parts[0], DebtorKey.Parse(parts[1]));
        }
        catch (FormatException)
        {
            // Answered below.
        }

        throw Refuse.Call(Reasons.PageTokenInvalid, "page_token: not a token of this question.", ("field", "page_token"));
    }

    public static string Token(LinkRow last) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{last.Key}{Between}{last.Debtor.Text}"));
}
