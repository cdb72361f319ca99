using System.Collections.Concurrent;
using System.Diagnostics;
using Scheduler.Grains.Operations;

namespace Scheduler.Grains.Tests.Operations;

/// <summary>Spans of one contact meet without a context in the state.</summary>
public sealed class ContactTracesTests : IDisposable
{
    private const string Debtor = "acme/traced-debtor";
    private const string Dispatch = "traced-dispatch";

    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public ContactTracesTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == ContactTraces.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void Lease_and_outcome_stand_in_one_trace_with_links_to_their_calls_and_to_the_debtors_entries()
    {
        var calls = new List<ActivityContext>();
        using (var call = ContactTraces.Called("/scheduler.v1.IngestService/EnqueueAccounts", static _ => null))
        {
            calls.Add(call!.Context);
            using (ContactTraces.Entering(Debtor)) Assert.NotNull(Activity.Current);
        }

        using (var call = ContactTraces.Called("/pull", static _ => null))
        {
            calls.Add(call!.Context);
            ContactTraces.Leased(Debtor, Dispatch, "sms", DateTimeOffset.UnixEpoch);
        }

        using (var call = ContactTraces.Called("/report", static _ => null))
        {
            calls.Add(call!.Context);
            ContactTraces.Reported("outcome", Debtor, Dispatch, "Recorded", DateTimeOffset.UnixEpoch);
        }

        var entries = ContactTraces.DebtorContext(Debtor).TraceId;
        var contact = ContactTraces.DispatchContext(Debtor, Dispatch).TraceId;
        var entry = Assert.Single(_ended, span => span.OperationName == "entry" && span.TraceId == entries);
        var lease = Assert.Single(_ended, span => span.OperationName == "lease" && span.TraceId == contact);
        var outcome = Assert.Single(_ended, span => span.OperationName == "outcome" && span.TraceId == contact);
        Assert.Equal(calls[0], Assert.Single(entry.Links).Context);
        Assert.Equal([calls[1].TraceId, entries], lease.Links.Select(static link => link.Context.TraceId));
        Assert.Equal([calls[2].TraceId, entries], outcome.Links.Select(static link => link.Context.TraceId));
        Assert.Equal(Dispatch, lease.GetTagItem("contact.dispatch_id"));
        // A sampler by ratio looks at the first half: a debtor is taken whole or not at all.
        Assert.Equal(entries.ToHexString()[..16], contact.ToHexString()[..16]);
    }

    [Fact]
    public void A_call_goes_on_with_the_trace_of_its_caller()
    {
        const string Caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        using var call = ContactTraces.Called("/pull", static name => name == "traceparent" ? Caller : null);
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", call!.TraceId.ToHexString());
        Assert.Equal("b7ad6b7169203331", call.ParentSpanId.ToHexString());
    }
}
