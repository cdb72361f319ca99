using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Scheduler.Domain.Debtors;

namespace Scheduler.Grains.Operations;

/// <summary>
/// Spans of calls, entries, leases and facts. A debtor's entries, and everything about one dispatch, stand in a trace whose id is computed from the
/// ids alone, so that lease, outcome and receipts of days later meet without a trace context in the state; links lead to the calls that brought them,
/// and from the dispatch to the entries of its debtor.
/// </summary>
/// <remarks>The first half of every such trace id is the debtor's: a sampler by ratio takes a debtor whole or not at all. Without a listener nothing is computed.</remarks>
public static class ContactTraces
{
    public const string SourceName = "Scheduler";

    private const int Half = 8;

    private static readonly ActivitySource Source = new(SourceName);

    private static bool IsWanted => Source.HasListeners();

    /// <summary>The span of a call, under the caller's context if it sent one.</summary>
    public static Activity? Called(string method, Func<string, string?> header)
    {
        if (!IsWanted) return null;
        // What the web server opened for itself is not exported: nobody would find the parent.
        Activity.Current = null;
        _ = ActivityContext.TryParse(header("traceparent"), header("tracestate"), isRemote: true, out var caller);
        return Source.StartActivity(method.TrimStart('/'), ActivityKind.Server, caller);
    }

    /// <inheritdoc cref="Entering(string)"/>
    public static Activity? Entering(DebtorKey debtor) => IsWanted ? Entering(debtor.ToString()) : null;

    /// <summary>The span of one entry, in its debtor's trace.</summary>
    public static Activity? Entering(string debtor) => IsWanted
        ? Source.StartActivity("entry", ActivityKind.Consumer, DebtorContext(debtor), links: Here())
        : null;

    /// <param name="debtor">Key of the row: tenant and debtor.</param>
    /// <param name="startedAt">When the lease was asked for: its id is known only with the answer.</param>
    public static void Leased(string debtor, string dispatch, string channel, DateTimeOffset startedAt)
    {
        if (!IsWanted || dispatch.Length == 0) return;
        using var span = Source.StartActivity(
            "lease", ActivityKind.Producer, DispatchContext(debtor, dispatch), Tags(dispatch).Append(new("contact.channel", channel)), [.. Here(), new(DebtorContext(debtor))], startedAt);
    }

    /// <param name="kind">"outcome" or "receipt".</param>
    public static void Reported(string kind, string debtor, string dispatch, string fate, DateTimeOffset startedAt)
    {
        if (!IsWanted || dispatch.Length == 0) return;
        using var span = Source.StartActivity(
            kind, ActivityKind.Consumer, DispatchContext(debtor, dispatch), Tags(dispatch).Append(new("contact.fate", fate)), [.. Here(), new(DebtorContext(debtor))], startedAt);
    }

    internal static ActivityContext DebtorContext(string debtor)
    {
        var own = Digest(debtor);
        return Context(own, own.AsSpan(Half, Half), own.AsSpan(2 * Half, Half));
    }

    internal static ActivityContext DispatchContext(string debtor, string dispatch)
    {
        var contact = Digest(dispatch);
        return Context(Digest(debtor), contact.AsSpan(0, Half), contact.AsSpan(Half, Half));
    }

    private static ActivityContext Context(byte[] debtor, ReadOnlySpan<byte> contact, ReadOnlySpan<byte> parent)
    {
        Span<byte> trace = stackalloc byte[2 * Half];
        debtor.AsSpan(0, Half).CopyTo(trace);
        contact.CopyTo(trace[Half..]);
        return new ActivityContext(ActivityTraceId.CreateFromBytes(trace), ActivitySpanId.CreateFromBytes(parent), ActivityTraceFlags.Recorded);
    }

    private static byte[] Digest(string id) => SHA256.HashData(Encoding.UTF8.GetBytes(id));

    private static ActivityLink[] Here() => Activity.Current is { } call ? [new ActivityLink(call.Context)] : [];

    private static IEnumerable<KeyValuePair<string, object?>> Tags(string dispatch) => [new("contact.dispatch_id", dispatch)];
}
