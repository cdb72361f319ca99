using System.Collections.Immutable;
using Scheduler.Domain.Debtors;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Pulls;
using Scheduler.Grains.Ready;
using Scheduler.Grains.Rules;
using Scheduler.Grains.Writing;
using Scheduler.Storage;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Grains.Pacing;

/// <summary>What the pacing grain is given.</summary>
public sealed record PacingTools(PacingBook Book, ISharedCounterStore Store, WriteIds Ids, TimeProvider Clock);

/// <summary>Holds one meter per limit and gives out what all of them allow that bind a dispatch.</summary>
/// <remarks>
/// Invariant: what was given out of leases and recipients is in the meters' rows, never less. Threading: one turn at a time, so concurrent pulls
/// never share a room. Failure: a write that throws gives nothing out and ends the activation; the next reads the rows, which count too much.
/// </remarks>
[GrainType("pacing")]
public sealed class PacingGrain(PacingTools tools) : Grain, IPacingGrain
{
    /// <summary>The tenant of rows that are nobody's.</summary>
    private const string Nobody = "*";

    /// <summary>A pull that never said what became of its room has taken it.</summary>
    private const long ForgottenAfter = 10 * 60_000;

    private readonly Dictionary<string, PacingMeter> _meters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Reservation> _open = new(StringComparer.Ordinal);
    private PacingSet _known = PacingSet.None;

    private long Now => tools.Clock.Now().ToUnixTimeMilliseconds();

    public async Task<PacingRoom> Look(PacingQuestion question)
    {
        await FollowSettingsAsync();
        var now = Now;
        var room = question.Senders.IsEmpty ? int.MaxValue : question.Senders.Sum(sender => SenderRoomAt(sender, question.Channel, now));
        var full = ImmutableArray.CreateBuilder<string>();
        long? next = null;
        foreach (var meter in _meters.Values)
        {
            var scope = meter.Limit.Scope;
            // Limits of senders that a pull names are in the room of each.
            if ((scope.IsOfSenders && !question.Senders.IsEmpty) || (scope.Channel != ContactChannel.Unknown && scope.Channel != question.Channel)) continue;
            var left = meter.Room(now);
            if (left == 0 && meter.FreesAt(now) is { } at) next = next is { } known ? Math.Min(known, at) : at;
            if (scope.Tenant.Length == 0) room = Math.Min(room, left);
            else if (left == 0) full.Add(scope.Tenant);
        }

        return new PacingRoom(room, full.ToImmutable(), next);
    }

    public async Task<ImmutableArray<PacingGrant>> Reserve(PacingOrder order)
    {
        await FollowSettingsAsync();
        var now = Now;
        var free = order.Senders.Select(static sender => sender.Free).ToArray();
        var grants = order.Candidates.Select(candidate => Grant(candidate, order, free, now)).ToImmutableArray();
        try
        {
            await WriteAsync(order.Until, now);
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }

        return grants;
    }

    public Task Settle(ImmutableArray<PacingResult> results)
    {
        foreach (var result in results)
        {
            if (!_open.Remove(result.Debtor, out var reservation)) continue;
            foreach (var (meter, wasNew) in reservation.Taken)
            {
                if (result.Fence == 0) meter.Return(result.Debtor, reservation.Recipient, wasNew);
                else meter.Extend(result.Debtor, reservation.Until, result.Fence);
            }
        }

        return Task.CompletedTask;
    }

    public async Task Extend(PacingExtension extension)
    {
        await FollowSettingsAsync();
        var tenant = TenantOf(extension.Debtor);
        var sender = new SenderRoom(extension.SenderId, "", 0);
        foreach (var meter in _meters.Values)
        {
            // A lease does not say which group its sender was in: every group's limit is told.
            if ((meter.Limit.Scope with { LimitGroup = "" }).Covers(tenant, extension.Channel, sender)) meter.Extend(extension.Debtor, extension.Until, extension.Fence);
        }

        try
        {
            await WriteAsync(extension.Until, Now);
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    public Task End(string debtor, long fence)
    {
        foreach (var meter in _meters.Values) meter.End(debtor, fence);
        return Task.CompletedTask;
    }

    private PacingGrant Grant(Candidate candidate, PacingOrder order, int[] free, long now)
    {
        if (_open.TryGetValue(candidate.Debtor, out var other) && other.MadeAt + ForgottenAfter > now) return new PacingGrant(WithheldReason.Leased, "", null);
        var recipient = candidate.Debtor + "#" + candidate.Point;
        if (order.Senders.IsEmpty) return Take(candidate, SenderRoom.Unnamed, recipient, order.Until, now) ?? Refused(candidate, [SenderRoom.Unnamed], recipient, now);

        // The freest first, so that senders share.
        foreach (var index in Enumerable.Range(0, free.Length).Where(i => free[i] > 0).OrderByDescending(i => free[i]).ThenBy(static i => i))
        {
            if (Take(candidate, order.Senders[index], recipient, order.Until, now) is not { } grant) continue;
            free[index]--;
            return grant;
        }

        return free.All(static left => left <= 0) ? new PacingGrant(WithheldReason.SenderFull, "", null) : Refused(candidate, order.Senders, recipient, now);
    }

    private PacingGrant? Take(Candidate candidate, SenderRoom sender, string recipient, long until, long now)
    {
        var binding = Binding(candidate, sender).ToList();
        if (!binding.TrueForAll(meter => meter.Allows(recipient, now))) return null;
        var taken = binding.ConvertAll(meter => (meter, meter.Take(candidate.Debtor, recipient, until, now)));
        _open[candidate.Debtor] = new Reservation(recipient, until, now, taken);
        return new PacingGrant(WithheldReason.None, sender.SenderId, null);
    }

    private PacingGrant Refused(Candidate candidate, ImmutableArray<SenderRoom> senders, string recipient, long now)
    {
        var next = senders.SelectMany(sender => Binding(candidate, sender)).Where(meter => !meter.Allows(recipient, now)).Min(meter => meter.FreesAt(now));
        return new PacingGrant(WithheldReason.Paced, "", next);
    }

    private IEnumerable<PacingMeter> Binding(Candidate candidate, SenderRoom sender)
    {
        var tenant = TenantOf(candidate.Debtor);
        return _meters.Values.Where(meter => meter.Limit.Scope.Covers(tenant, candidate.Channel, sender));
    }

    /// <summary>Limits of senders that also name a tenant are left to the candidates: this is an upper bound.</summary>
    private int SenderRoomAt(SenderRoom sender, ContactChannel channel, long now)
    {
        var room = sender.Free;
        foreach (var meter in _meters.Values)
        {
            if (meter.Limit.Scope is { Tenant: "", IsOfSenders: true } scope && scope.Covers("", channel, sender)) room = Math.Min(room, meter.Room(now));
        }

        return room;
    }

    /// <summary>Meters of limits that were set since; those that were taken away are forgotten, and begin from their rows when they come back.</summary>
    private async Task FollowSettingsAsync()
    {
        var current = tools.Book.Current;
        if (ReferenceEquals(current, _known)) return;
        var limits = current.Limits.ToDictionary(static limit => limit.Id, StringComparer.Ordinal);
        foreach (var gone in _meters.Keys.Where(id => !limits.ContainsKey(id)).ToList()) _meters.Remove(gone);
        foreach (var (id, limit) in limits)
        {
            if (_meters.TryGetValue(id, out var meter))
            {
                meter.Limit = limit;
                continue;
            }

            var row = await tools.Store.ReadAsync(KeyOf(id));
            var stored = row is null ? new Stored.PacingMeter() : Stored.PacingMeter.Parser.ParseFrom(row.State.Span);
            _meters.Add(id, new PacingMeter(limit, stored, row?.Version ?? 0, Now));
        }

        _known = current;
    }

    private async Task WriteAsync(long until, long now) =>
        await Task.WhenAll(_meters.Values.Where(meter => meter.MustWrite(until, now)).Select(async meter =>
        {
            var write = new SharedWrite(KeyOf(meter.Limit.Id), meter.Version, tools.Ids.Next(), meter.Write(until, now));
            var answer = await tools.Store.WriteAsync(write);
            // Another activation writes this row: what it has given out is not known here.
            if (answer.Kind != WriteAnswerKind.Committed) throw new RowRefusedException(answer.Kind);
            meter.Written(answer.Version);
        }));

    private static SharedKey KeyOf(string id) => new(Nobody, PacingBook.Prefix + id);

    private static string TenantOf(string debtor) => debtor[..debtor.IndexOf('/', StringComparison.Ordinal)];

    private sealed record Reservation(string Recipient, long Until, long MadeAt, List<(PacingMeter Meter, bool WasNew)> Taken);
}
