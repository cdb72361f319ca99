using System.Collections.Immutable;
using Scheduler.RulePacks.Editions;

namespace Scheduler.Grains.Rules;

/// <content>Dates closed while running.</content>
public sealed partial class PolicyBook
{
    /// <summary>Dates that a tenant, or everybody, may have closed at a time; those that are over can be removed.</summary>
    public const int ClosedDateLimit = 366;

    /// <summary>Closes dates: nobody of the place is contacted on them from this moment on. Closing one again changes nothing but its name and source.</summary>
    public Task<PolicyAnswer> CloseDatesAsync(PolicyOrder order, ImmutableArray<DecreedDate> dates, CancellationToken cancellationToken) =>
        ChangeDatesAsync(order, PolicyChange.DatesClosed, dates, known => [.. known.Where(date => !dates.Any(added => IsSame(added, date))), .. dates], cancellationToken);

    /// <summary>Opens dates that were closed by mistake; those that were not closed are passed over.</summary>
    public Task<PolicyAnswer> OpenDatesAsync(PolicyOrder order, ImmutableArray<DecreedDate> dates, CancellationToken cancellationToken) =>
        ChangeDatesAsync(order, PolicyChange.DatesOpened, dates, known => [.. known.Where(date => !dates.Any(removed => IsSame(removed, date)))], cancellationToken);

    private static bool IsSame(DecreedDate one, DecreedDate other) =>
        one.Date == other.Date && one.Country == other.Country && one.Region == other.Region && one.Municipality == other.Municipality;

    private async Task<PolicyAnswer> ChangeDatesAsync(
        PolicyOrder order, PolicyChange change, ImmutableArray<DecreedDate> dates, Func<ImmutableArray<DecreedDate>, ImmutableArray<DecreedDate>> apply, CancellationToken cancellationToken)
    {
        await _oneChange.WaitAsync(cancellationToken);
        try
        {
            if (await FindRepeatAsync(PolicyRows.ClosedPrefix, order, PolicyRows.ReadDates, static l => (l.RequestId, l.RequestDigest), cancellationToken) is { } known)
            {
                return known.IsSame ? await RepeatedAsync(known.Value.Row, known.Value.Epoch) : PolicyAnswer.Refused(PolicyRefusal.KeyReused);
            }

            var now = clock.Now();
            var before = await ReadDatesAsync(order.Tenant, cancellationToken);
            var after = before with { Dates = apply(before.Dates), Changed = dates, Change = change, RequestId = order.RequestId, RequestDigest = order.Digest };
            if (after.Dates.Length > ClosedDateLimit) return PolicyAnswer.Refused(PolicyRefusal.TooManyDates, before.Row);

            // What decides is kept before it decides.
            foreach (var overlay in ClosedDatePacks.Of(order.Tenant, after.Dates))
            {
                await archive.KeepAsync(overlay with { Tenant = order.Tenant }, order.Actor, order.Reason, now.ToUnixTimeMilliseconds(), cancellationToken);
            }

            return await WriteAsync(PolicyRows.ClosedPrefix, order, before.Row, epoch => PolicyRows.Write(after with { Epoch = epoch }), now, cancellationToken);
        }
        finally
        {
            _oneChange.Release();
        }
    }
}
