using NodaTime;
using Scheduler.Domain.Calendars;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;

namespace Scheduler.Domain.Policy;

/// <summary>Rules that hold everywhere, whatever the packs say: minors, holds, promises, closed points, refusals, a full history.</summary>
internal static class BaseRules
{
    public const string Minor = "debtor.minor";
    public const string ChannelUnknown = "channel.unknown";
    public const string PointClosed = "point.closed";
    public const string PointChannel = "point.channel";
    public const string Promise = "hold.promise";
    public const string Withdrawn = "consent.withdrawn";
    public const string RefusedHours = "consent.hours";
    public const string PackUnknown = "pack.unknown";
    public const string ZoneUnknown = "zone.unknown";
    public const string HistoryFull = "history.full";

    public static string IdOf(HoldKind kind) => kind switch
    {
        HoldKind.Dispute => "hold.dispute",
        HoldKind.Hardship => "hold.hardship",
        HoldKind.Bankruptcy => "hold.bankruptcy",
        HoldKind.Deceased => "hold.deceased",
        HoldKind.Represented => "hold.represented",
        HoldKind.Cease => "hold.cease",
        HoldKind.Litigation => "hold.litigation",
        HoldKind.PaymentClaimed => "hold.payment_claimed",
        HoldKind.Complaint => "hold.complaint",
        HoldKind.Identity => "hold.identity",
        HoldKind.Operator => "hold.operator",
        _ => "hold.unknown",
    };

    public static Finding CheckHold(Hold hold, in PolicyQuestion question, in Moment moment)
    {
        if (!Covers(hold, question) || hold.End <= moment.At) return Finding.Permit;
        if (hold.Start > moment.At) return Finding.PermitUntil(Ticks.Of(hold.Start));
        var packs = moment.Place.Selection.Packs;
        var until = Ticks.Never;
        var isLifted = !packs.IsEmpty;
        foreach (var pack in packs)
        {
            if (!isLifted) break;
            if (pack.IsAuthority) isLifted = IsLiftedBy(pack, hold, question, moment, ref until);
        }

        return isLifted ? Finding.PermitUntil(until, soft: true) : Finding.DeferUntil(hold.End is { } end ? Ticks.Of(end) : Ticks.Never);
    }

    public static Finding CheckPromise(Promise promise, in PolicyQuestion question, in Moment moment)
    {
        if (promise.State != PromiseState.Pending || promise.DueOn < moment.First || !CoversAccounts(promise.Accounts.AsSpan(), question)) return Finding.Permit;
        return Finding.DeferUntil(moment.Candidates.StartEverywhere(EpochDay.From(promise.DueOn) + 1));
    }

    /// <summary>Null: the point may be used.</summary>
    public static string? CheckPoint(in PolicyQuestion question)
    {
        if (question.Debtor.Profile.IsMinor) return Minor;
        if (question.Channel == ContactChannel.Unknown) return ChannelUnknown;
        if (!question.Point.IsOpen) return PointClosed;
        return question.Point.Channels.IsEmpty || question.Point.Channels.Contains(question.Channel) ? null : PointChannel;
    }

    /// <summary>A withdrawal binds even where no pack asks for consent, and again when the grant that followed it ends.</summary>
    public static Finding CheckWithdrawal(in Moment moment)
    {
        if (moment.Standing.IsWithdrawn) return Finding.Forbid;
        return moment.Standing.Until == Instant.MaxValue ? Finding.Permit : Finding.PermitUntil(Ticks.Of(moment.Standing.Until), soft: true);
    }

    /// <summary>Every place the debtor may be in needs a pack in force that speaks for it; the rest of the world is not known to be lawful.</summary>
    public static string? CheckKnown(in Moment moment, ref long until)
    {
        if (!moment.Candidates.IsKnown) return ZoneUnknown;
        foreach (var packs in moment.Place.Selection.Authorities)
        {
            var isKnown = false;
            foreach (var pack in packs)
            {
                if (pack.FirstDay > moment.FirstDay || pack.LastDay < moment.LastDay) continue;
                isKnown = true;
                if (pack.LastDay != int.MaxValue) until = Math.Min(until, moment.Candidates.StartAnywhere(pack.LastDay + 1));
            }

            if (!isKnown) return PackUnknown;
        }

        return null;
    }

    /// <summary>When the state holds as many contacts as it can, and all of them may still count, a further one could not be counted.</summary>
    /// <param name="room">First instant at which one of them counts no more.</param>
    public static bool IsHistoryFull(in PolicyQuestion question, in Moment moment, out long room)
    {
        room = Ticks.Never;
        if (question.Debtor.Contacts.Length < DebtorLimits.Contacts) return false;
        for (var index = 0; index < moment.Counted.LastDays.Length; index++)
        {
            if (question.Leaves(question.Debtor.Contacts[index].Id) || moment.Place.Policy.CountsForEver(question.Debtor.Contacts[index])) continue;
            var day = moment.Counted.LastDays[index] + moment.Place.Policy.LongestCountDays + 1;
            if (day <= moment.FirstDay) return false;
            room = Math.Min(room, moment.Candidates.StartEverywhere(day));
        }

        return true;
    }

    private static bool IsLiftedBy(RulePack pack, Hold hold, in PolicyQuestion question, in Moment moment, ref long until)
    {
        foreach (var rule in pack.Rules)
        {
            if (rule is not Rule.OnHold { Kind: var kind } || kind != hold.Kind) continue;
            foreach (var exception in rule.Exceptions)
            {
                if (!ExceptionCheck.Lifts(exception, question, moment, hold.Start, out var ends)) continue;
                until = Math.Min(until, ends);
                return true;
            }
        }

        return false;
    }

    private static bool Covers(Hold hold, in PolicyQuestion question)
    {
        if (!hold.Channels.IsEmpty && !hold.Channels.Contains(question.Channel)) return false;
        if (hold.CreditorId.Length > 0 && question.Creditor() is { Length: > 0 } creditor && creditor != hold.CreditorId) return false;
        return CoversAccounts(hold.Accounts.AsSpan(), question);
    }

    private static bool CoversAccounts(ReadOnlySpan<AccountId> accounts, in PolicyQuestion question)
    {
        if (accounts.IsEmpty || question.Accounts.IsDefaultOrEmpty) return true;
        foreach (ref readonly var id in accounts)
        {
            if (question.Speaks(id)) return true;
        }

        return false;
    }
}
