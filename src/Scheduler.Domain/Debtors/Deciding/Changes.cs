using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Planning;

namespace Scheduler.Domain.Debtors;

/// <summary>The single changes that commands are made of, each with its event: used by entries, signals, outcomes and receipts alike.</summary>
internal static class Changes
{
    /// <summary>
    /// A refusal that a clock ahead of ours dates later binds from now on. Older facts that it makes moot leave the ledger, and where it
    /// is full a permission leaves for it: no refusal is turned away.
    /// </summary>
    public static void RecordConsent(this Draft d, ConsentFact said, string cause)
    {
        var isRefusal = IsRefusal(said);
        var fact = Heard(said, d.Now);
        var kept = d.State.Consents;
        if (fact.Kind == ConsentKind.Withdrawn) kept = WithoutSuperseded(kept, said);
        if (isRefusal && kept.Length >= DebtorLimits.Consents + DebtorLimits.RefusalsBeyond) kept = WithRoom(kept, ref fact);
        d.State = d.State with { Consents = kept.Add(fact) };
        d.Record(new DebtorEvent.ConsentRecorded(fact.GivenAt, fact, cause));
        if (!isRefusal) return;
        if (d.State.Lease is { } lease && Touches(d.State, fact, lease)) d.Revoke(RevokeReasons.ConsentWithdrawn);
    }

    /// <summary>The fact as it is kept: a refusal binds from now at the latest.</summary>
    public static ConsentFact Heard(ConsentFact said, Instant now) => IsRefusal(said) && said.GivenAt > now ? said with { GivenAt = now } : said;

    private static ImmutableArray<ConsentFact> WithoutSuperseded(ImmutableArray<ConsentFact> ledger, ConsentFact withdrawal) =>
        ledger.RemoveAll(older => IsSupersededBy(older, withdrawal));

    public static bool IsRefusal(ConsentFact fact) => fact.Kind is ConsentKind.Withdrawn or ConsentKind.HoursForbidden;

    /// <summary>Withdraws the medium, everywhere and for every purpose.</summary>
    public static void WithdrawMedium(this Draft d, ContactChannel channel, string id, Instant at, string method) =>
        d.Withdraw(channel == ContactChannel.Unknown ? default : ChannelSet.Of(channel), id, at, method);

    /// <summary>Withdraws the media, everywhere and for every purpose.</summary>
    /// <param name="channels">Empty: all.</param>
    public static void Withdraw(this Draft d, ChannelSet channels, string id, Instant at, string method)
    {
        at = Instant.Min(at, d.Now);
        var withdrawal = new ConsentFact
        {
            Id = id,
            Kind = ConsentKind.Withdrawn,
            Channels = channels,
            GivenAt = at,
            Method = method,
            Instrument = ConsentInstrument.Message,
        };
        for (var index = 0; index < d.State.Consents.Length; index++)
        {
            var known = d.State.Consents[index];
            // Nothing new where it was withdrawn as widely, then or later.
            if (known.Kind == ConsentKind.Withdrawn && known.GivenAt >= at && IsSupersededBy(withdrawal with { GivenAt = known.GivenAt }, known)) return;
            if (known.Id != id) continue;
            // Reported twice with two times: the later one stands, which is the stricter against a grant in between.
            if (known.GivenAt >= at) return;
            d.State = d.State with { Consents = d.State.Consents.SetItem(index, withdrawal) };
            d.Record(new DebtorEvent.ConsentRecorded(at, withdrawal, id));
            return;
        }

        d.RecordConsent(withdrawal, id);
    }

    /// <summary>Withdraws the media at one point, for every purpose, what was agreed before the instant.</summary>
    /// <param name="channels">Empty: all.</param>
    /// <param name="id">Of the fact: known already, nothing changes.</param>
    public static void WithdrawAt(this Draft d, PointId point, ChannelSet channels, string id, Instant at, string method)
    {
        foreach (var known in d.State.Consents)
        {
            if (known.Id == id) return;
        }

        var withdrawal = new ConsentFact
        {
            Id = id,
            Kind = ConsentKind.Withdrawn,
            Channels = channels,
            Points = [point],
            GivenAt = at,
            Method = method,
            Instrument = ConsentInstrument.Message,
        };
        d.RecordConsent(withdrawal, method);
    }

    /// <summary>Room for one refusal: the oldest permission leaves; where there is none, a withdrawal stands for all of its channels, then for all.</summary>
    private static ImmutableArray<ConsentFact> WithRoom(ImmutableArray<ConsentFact> full, ref ConsentFact refusal)
    {
        var oldest = -1;
        for (var index = 0; index < full.Length; index++)
        {
            if (!IsRefusal(full[index]) && (oldest < 0 || full[index].GivenAt < full[oldest].GivenAt)) oldest = index;
        }

        if (oldest >= 0) return full.RemoveAt(oldest);
        var widest = refusal = new ConsentFact
        {
            Id = refusal.Id,
            Kind = ConsentKind.Withdrawn,
            Channels = refusal.Channels,
            GivenAt = refusal.GivenAt,
            Method = refusal.Method,
            Instrument = refusal.Instrument,
        };
        var kept = full.RemoveAll(older => IsSupersededBy(older, widest));
        if (kept.Length < full.Length) return kept;
        widest = refusal = refusal with { Channels = default, GivenAt = Instant.Max(refusal.GivenAt, full.Max(static fact => fact.GivenAt)) };
        return full.RemoveAll(older => older.Kind == ConsentKind.Withdrawn || IsSupersededBy(older, widest));
    }

    /// <summary>A hold that is never turned away: where they are full, those of its kind become one about everything.</summary>
    public static void PlaceRefusal(this Draft d, Hold hold, string cause)
    {
        if (d.State.Holds.Length < DebtorLimits.Holds + DebtorLimits.RefusalsBeyond || d.State.Holds.Any(known => known.Id == hold.Id))
        {
            d.PlaceHold(hold, cause);
            return;
        }

        var same = d.State.Holds.RemoveAll(known => known.Kind != hold.Kind);
        foreach (var known in same)
        {
            d.State = d.State with { Holds = d.State.Holds.Remove(known) };
            d.Record(new DebtorEvent.HoldEnded(d.Now, known.Id, known.Kind, Lifted: false));
        }

        d.PlaceHold(same.IsEmpty ? hold : hold with { Accounts = [], CreditorId = "", Channels = default, Start = Instant.Min(hold.Start, d.Now), End = null }, cause);
    }

    public static void PlaceHold(this Draft d, Hold hold, string cause)
    {
        var others = d.State.Holds.RemoveAll(known => known.Id == hold.Id);
        d.State = d.State with { Holds = others.Add(hold) };
        d.Record(new DebtorEvent.HoldPlaced(hold.Start, hold, cause));
        if (d.State.Lease is { } lease && Covers(d.State, hold, lease)) d.Revoke(hold.Kind == HoldKind.Cease ? RevokeReasons.Cease : RevokeReasons.Hold);
    }

    public static void SetPoint(this Draft d, PointId id, PointStatus status, Instant at, string cause)
    {
        for (var index = 0; index < d.State.Points.Length; index++)
        {
            var point = d.State.Points[index];
            if (point.Id != id) continue;
            var changed = status switch
            {
                PointStatus.Confirmed => point with { Status = status, ConfirmedAt = Instant.Max(at, point.ConfirmedAt ?? at) },
                PointStatus.Reassigned => point with { Status = status, ConfirmedAt = null, ReassignmentCheckedAt = null },
                _ => point with { Status = status },
            };
            if (changed == point) return;
            d.State = d.State with { Points = d.State.Points.SetItem(index, changed) };
            if (changed.Status != point.Status) d.Record(new DebtorEvent.PointChanged(at, id, status, cause));
            if (!changed.IsOpen && d.State.Lease?.Point == id) d.Revoke(RevokeReasons.PointClosed);
            return;
        }
    }

    /// <summary>The point stays, without one of its channels; a point left with none is unreachable.</summary>
    public static void TakeChannel(this Draft d, PointId id, ContactChannel channel, Instant at, string cause)
    {
        for (var index = 0; index < d.State.Points.Length; index++)
        {
            var point = d.State.Points[index];
            if (point.Id != id || !PointChoice.Carries(point, channel)) continue;
            var left = PointChoice.CarriedBy(point).Except(ChannelSet.Of(channel));
            if (left.IsEmpty)
            {
                d.SetPoint(id, PointStatus.Unreachable, at, cause);
                return;
            }

            d.State = d.State with { Points = d.State.Points.SetItem(index, point with { Channels = left }) };
            d.Record(new DebtorEvent.PointChanged(at, id, point.Status, cause));
            if (d.State.Lease is { } lease && lease.Point == id && lease.Channel == channel) d.Revoke(RevokeReasons.PointClosed);
        }
    }

    public static void Close(this Draft d, AccountId id, CloseReason reason, Instant at)
    {
        var index = IndexOf(d.State.Accounts, id);
        if (index < 0 || !d.State.Accounts[index].IsOpen) return;
        d.State = d.State with { Accounts = d.State.Accounts.SetItem(index, d.State.Accounts[index] with { Closed = reason }) };
        d.Record(new DebtorEvent.AccountClosed(at, id, reason));
        if (d.State.Lease is { } lease && lease.Accounts.Contains(id))
        {
            d.Revoke(reason is CloseReason.Paid or CloseReason.Settled ? RevokeReasons.Paid : RevokeReasons.Closed);
        }
    }

    /// <summary>Withdraws the live lease. One that its gateway has confirmed is being placed: it stands, and is reported as such.</summary>
    public static void Revoke(this Draft d, string reason)
    {
        if (d.State.Lease is not { IsRevoked: false } lease || d.Unstoppable == lease.Dispatch) return;
        var unstoppable = lease.ConfirmedAt is not null;
        d.Record(new DebtorEvent.LeaseRevoked(d.Now, lease.Dispatch, reason, unstoppable));
        if (unstoppable)
        {
            d.Unstoppable = lease.Dispatch;
            return;
        }

        var revoked = lease with { RevokedFor = reason, RevokedAt = d.Now };
        d.State = d.State with { Lease = revoked };
        d.Revoked = lease.Dispatch;
        d.Follow(new Effect.Revoked(revoked));
    }

    public static int IndexOf(ImmutableArray<Account> accounts, AccountId id)
    {
        for (var index = 0; index < accounts.Length; index++)
        {
            if (accounts[index].Id == id) return index;
        }

        return -1;
    }

    /// <summary>The hold is about this account: named, or of the creditor it names, or about all.</summary>
    public static bool Covers(Hold hold, Account account) =>
        (hold.Accounts.IsEmpty || hold.Accounts.Contains(account.Id)) && (hold.CreditorId.Length == 0 || hold.CreditorId == account.CreditorId);

    private static bool Covers(DebtorState state, Hold hold, Lease lease)
    {
        if (!hold.Channels.IsEmpty && !hold.Channels.Contains(lease.Channel)) return false;
        foreach (var id in lease.Accounts)
        {
            var index = IndexOf(state.Accounts, id);
            if (index < 0 || Covers(hold, state.Accounts[index])) return true;
        }

        return false;
    }

    private static bool Touches(DebtorState state, ConsentFact fact, Lease lease) =>
        (fact.Channels.IsEmpty || fact.Channels.Contains(lease.Channel))
        && (fact.Points.IsEmpty || fact.Points.Contains(lease.Point))
        && (fact.Purposes.IsEmpty || fact.Purposes.Contains(lease.Purpose))
        && (fact.CreditorId.Length == 0 || ContactList.CreditorOf(state, lease.PlannedFor) is var creditor && (creditor.Length == 0 || creditor == fact.CreditorId));

    /// <summary>A withdrawal from everybody, everywhere, makes older facts about its channels moot.</summary>
    private static bool IsSupersededBy(ConsentFact older, ConsentFact withdrawal) =>
        withdrawal.Points.IsEmpty && withdrawal.Purposes.IsEmpty && withdrawal.CreditorId.Length == 0
        && older.GivenAt <= withdrawal.GivenAt && older.Kind is ConsentKind.Granted or ConsentKind.Withdrawn
        && older.ExpiresAt is null
        && (withdrawal.Channels.IsEmpty || (!older.Channels.IsEmpty && older.Channels.Except(withdrawal.Channels).IsEmpty));
}

/// <summary>Why a lease was withdrawn, as gateways read it.</summary>
public static class RevokeReasons
{
    public const string ConsentWithdrawn = "CONSENT_WITHDRAWN";
    public const string Hold = "HOLD";
    public const string Paid = "PAID";
    public const string Closed = "CLOSED";
    public const string Cease = "CEASE";
    public const string Promised = "PROMISED";
    public const string PointClosed = "POINT_CLOSED";
    public const string Transferred = "TRANSFERRED";
    public const string Merged = "MERGED";
    public const string Split = "SPLIT";
    public const string RuleChanged = "RULE_CHANGED";
    public const string Quarantined = "QUARANTINED";
    public const string Paused = "PAUSED";
}
