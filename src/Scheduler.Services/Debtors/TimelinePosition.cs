using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Scheduler.Services.Refusals;
using Scheduler.Storage;
using Scheduler.V1;

namespace Scheduler.Services.Debtors;

/// <summary>Where a page of a timeline ended. As a token it also carries a digest of what was asked: another question's token is refused.</summary>
/// <param name="Seq">Decision to go on with; null: the newest.</param>
/// <param name="Given">Events of it that were given already.</param>
internal readonly record struct TimelinePosition(long? Seq, int Given)
{
    public static TimelinePosition Read(ListTimelineRequest request)
    {
        if (request.PageToken.Length == 0) return default;
        try
        {
            var parts = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(request.PageToken)).Split('.');
            if (parts.Length == 3
                && long.TryParse(parts[0], NumberStyles.None, null, out var seq) && seq > 0
                && int.TryParse(parts[1], NumberStyles.None, null, out var given)
                && parts[2] == Digest(request))
            {
                return new TimelinePosition(seq, given);
            }
        }
        catch (FormatException)
        {
            // Not base64: refused below, as every other token that is not ours.
        }

        throw Refuse.Call(Reasons.PageTokenInvalid, "page_token: not a token of this question.", ("field", "page_token"));
    }

    public string Write(ListTimelineRequest request) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes($"{Seq}.{Given}.{Digest(request)}"));

    private static string Digest(ListTimelineRequest request) =>
        Crc32C.Compute($"{request.TenantId}/{request.DebtorId}/{request.RecordedBeforeTime}").ToString("x8");
}
