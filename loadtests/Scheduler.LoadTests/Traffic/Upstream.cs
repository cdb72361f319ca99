using System.Collections.Concurrent;
using NodaTime;
using Scheduler.LoadTests.Measuring;
using Scheduler.Protocol.Wire;
using Scheduler.V1;

namespace Scheduler.LoadTests.Traffic;

/// <summary>The systems that put debtors in.</summary>
internal sealed class Upstream(LoadStage stage)
{
    private const int CallsInFlight = 256;

    /// <summary>As many as a batch may have.</summary>
    private const int KeptBytes = 4 * 1024 * 1024;

    // Buffers of requests, used again.
    private readonly ConcurrentBag<WireWriter> _requests = [];

    /// <summary>One call's entries, with the history of those who have one, counted from <paramref name="intended"/>.</summary>
    public async Task EnqueueAsync(TenantWork work, int first, int count, Func<int, Appointment> appointmentOf, long intended)
    {
        var request = _requests.TryTake(out var used) ? used : new WireWriter(KeptBytes);
        request.Text(EnqueueAccountsRequest.TenantIdFieldNumber, work.Tenant);
        for (var number = first; number < first + count; number++)
        {
            var appointment = appointmentOf(number);
            if (appointment.Due is { } due) work.Book.Appoint(number, due.ToUnixTimeMilliseconds());
            work.Form.Write(request, number, appointment);
        }

        var meter = stage.Meters.Enqueue;
        var answer = await stage.Caller.CallAsync(meter, count, intended, () => EncodedEnqueue.CallAsync(stage.Session.Invoker, request));
        if (answer is null) return;
        // Not after a failure: a connection may still be sending it.
        request.Clear(wipes: false);
        _requests.Add(request);
        foreach (var result in answer.Results)
        {
            // Unchanged: accepted before, and the answer was lost.
            if (result.State is EntryState.Accepted or EntryState.Unchanged) work.Book.Accept(first + result.EntryIndex);
            else meter.Fail($"entry {result.State}: {result.Status?.Message}");
        }

        await SeedAsync(work, first, count);
    }

    /// <summary>Offers the schedule's entries, each call at its moment; <paramref name="lead"/> lies between an entry's moment and its due instant.</summary>
    public async Task OfferAsync(TenantWork work, ArrivalSchedule schedule, TimeSpan lead, CancellationToken cancel)
    {
        var start = stage.Clock.Now;
        await OpenLoop.RunAsync(schedule, stage.Clock.Real, CallsInFlight, async (call, intended) =>
        {
            var first = work.Take(schedule.ItemsPerCall);
            stage.AddOffered(schedule.ItemsPerCall);
            // Due instants lie as far apart as debtors do in the schedule, not bunched by call.
            var each = 1 / schedule.ItemsPerSecond;
            var origin = start + Duration.FromTimeSpan(schedule.StartOf(call) + lead);
            await EnqueueAsync(work, first, schedule.ItemsPerCall, number => Appointment.On(origin + Duration.FromSeconds((number - first) * each)), intended);
        }, cancel);
    }

    /// <summary>
    /// As fast as answers come, from several callers, until the time is over or so many are in. Upstream stays a bounded distance ahead of
    /// the gateways, so that the figure is of whole lifecycles and not of a queue growing.
    /// </summary>
    public async Task PourAsync(TenantWork work, int most, TimeSpan? length, bool keepsNear, Func<int, Appointment> appointmentOf, CancellationToken cancel)
    {
        const int CallsAhead = 40;
        var batch = stage.Options.Batch;
        var began = stage.Clock.Real.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, stage.Options.Callers).Select(_ => PourOneAsync()));

        async Task PourOneAsync()
        {
            while (!cancel.IsCancellationRequested && !(stage.Clock.Real.GetElapsedTime(began) > length))
            {
                var first = work.Take(batch);
                if (first >= most) return;
                while (keepsNear && first - work.Book.Placed > batch * CallsAhead) await Task.Delay(TimeSpan.FromMilliseconds(5), stage.Clock.Real, cancel);
                var count = Math.Min(batch, most - first);
                stage.AddOffered(count);
                await EnqueueAsync(work, first, count, appointmentOf, stage.Clock.Real.GetTimestamp());
            }
        }
    }

    private async Task SeedAsync(TenantWork work, int first, int count)
    {
        var request = new UpsertContactHistoryRequest { TenantId = work.Tenant };
        for (var number = first; number < first + count; number++)
        {
            if (LoadPortfolio.HasHistory(number)) request.Contacts.AddRange(work.Portfolio.History(number));
        }

        if (request.Contacts.Count == 0) return;
        var meter = stage.Meters.History;
        var answer = await stage.Caller.CallAsync(meter, request.Contacts.Count, stage.Clock.Real.GetTimestamp(), () => stage.Session.Ingest.UpsertContactHistoryAsync(request).ResponseAsync);
        foreach (var result in answer?.Results.Where(static result => !result.Ok) ?? []) meter.Fail($"contact: {result.Status?.Message}");
    }
}
