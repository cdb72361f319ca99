using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Planning;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Storage.Codec;

/// <content>What was and is to be done: contacts, plans, the lease, requests, and what became of the debtor's row.</content>
internal ref partial struct StateReader
{
    private static ContactRecord ReadContact(ref StateReader reader, scoped ref WireFields contact)
    {
        LocalDate firstDate;
        return new ContactRecord
        {
            Id = reader.ContactId(ref contact),
            Channel = (ContactChannel)contact.Byte(Stored.Contact.ChannelFieldNumber),
            Point = reader.Point(ref contact, Stored.Contact.PointFieldNumber),
            Place = (PointPlace)contact.Byte(Stored.Contact.PlaceFieldNumber),
            Accounts = reader.Accounts(ref contact, Stored.Contact.AccountsFieldNumber),
            Discussed = reader.Accounts(ref contact, Stored.Contact.DiscussedFieldNumber),
            CreditorId = reader.Word(ref contact, Stored.Contact.CreditorFieldNumber),
            Purpose = contact.Byte(Stored.Contact.PurposeFieldNumber) is > 0 and var purpose ? (ContactPurpose)(purpose - 1) : ContactPurpose.Collection,
            IsInbound = contact.Flag(Stored.Contact.InboundFieldNumber),
            PlacedAt = Packed.Required(contact.Long(Stored.Contact.PlacedAtFieldNumber)),
            DeliveredAt = Packed.Instant(contact.Long(Stored.Contact.DeliveredAtFieldNumber)),
            FirstDate = firstDate = Packed.RequiredDate(contact.Uint(Stored.Contact.FirstDateFieldNumber)),
            LastDate = Packed.Date(contact.Uint(Stored.Contact.LastDateFieldNumber)) ?? firstDate,
            Facts = Packed.Facts(contact.Uint(Stored.Contact.FactsFieldNumber)),
            Standing = (ContactStanding)contact.Byte(Stored.Contact.StandingFieldNumber),
            SettlesAt = Packed.Instant(contact.Long(Stored.Contact.SettlesAtFieldNumber)),
            IsCounted = !contact.Flag(Stored.Contact.NotCountedFieldNumber),
            StepId = reader.Word(ref contact, Stored.Contact.StepFieldNumber),
            ReceiptKinds = contact.Uint(Stored.Contact.ReceiptKindsFieldNumber),
            SessionExpiresAt = Packed.Instant(contact.Long(Stored.Contact.SessionExpiresAtFieldNumber)),
            GatewayId = reader.Word(ref contact, Stored.Contact.GatewayFieldNumber),
        };
    }

    private readonly string ContactId(scoped ref WireFields contact)
    {
        var version = contact.Long(Stored.Contact.DispatchVersionFieldNumber);
        var other = contact.Text(Stored.Contact.OtherIdFieldNumber);
        return version == 0 ? other : DispatchId.Of(_key.Debtor, version).Value;
    }

    private static AccountPlan ReadPlan(ref StateReader reader, scoped ref WireFields plan) => new()
    {
        Account = reader.Account(ref plan, Stored.Plan.AccountFieldNumber),
        StrategyVersion = reader.Word(ref plan, Stored.Plan.StrategyFieldNumber),
        StepId = reader.Word(ref plan, Stored.Plan.StepFieldNumber),
        DueAt = Packed.Instant(plan.Long(Stored.Plan.DueAtFieldNumber)),
        LapsesAt = Packed.Instant(plan.Long(Stored.Plan.LapsesAtFieldNumber)),
        LeaseCount = plan.Int(Stored.Plan.LeaseCountFieldNumber),
        NotPlacedCount = plan.Int(Stored.Plan.NotPlacedCountFieldNumber),
        LastDay = plan.SignedInt(Stored.Plan.LastDayFieldNumber) - 1,
    };

    private static Lease ReadLease(ref StateReader reader, scoped ref WireFields lease) => new()
    {
        Dispatch = new DispatchId(lease.Text(Stored.Lease.DispatchFieldNumber)),
        Fence = lease.Long(Stored.Lease.FenceFieldNumber),
        GatewayId = SharedWords.Of(lease.Bytes(Stored.Lease.GatewayFieldNumber)),
        InstanceId = SharedWords.Of(lease.Bytes(Stored.Lease.InstanceFieldNumber)),
        PullId = lease.Text(Stored.Lease.PullFieldNumber),
        Channel = (ContactChannel)lease.Byte(Stored.Lease.ChannelFieldNumber),
        Point = reader.Point(ref lease, Stored.Lease.PointFieldNumber),
        Mode = (PlacementMode)lease.Byte(Stored.Lease.ModeFieldNumber),
        Purpose = (ContactPurpose)lease.Byte(Stored.Lease.PurposeFieldNumber),
        Role = (PartyRole)lease.Byte(Stored.Lease.RoleFieldNumber),
        Accounts = reader.Accounts(ref lease, Stored.Lease.AccountsFieldNumber),
        PlannedFor = reader.Account(ref lease, Stored.Lease.PlannedForFieldNumber),
        StepId = reader.Word(ref lease, Stored.Lease.StepFieldNumber),
        StrategyVersion = reader.Word(ref lease, Stored.Lease.StrategyFieldNumber),
        Template = reader.Word(ref lease, Stored.Lease.TemplateFieldNumber),
        SenderId = reader.Word(ref lease, Stored.Lease.SenderFieldNumber),
        LeasedAt = Packed.Required(lease.Long(Stored.Lease.LeasedAtFieldNumber)),
        ExpiresAt = Packed.Required(lease.Long(Stored.Lease.ExpiresAtFieldNumber)),
        NotAfter = Packed.Required(lease.Long(Stored.Lease.NotAfterFieldNumber)),
        DeliverBefore = Packed.Instant(lease.Long(Stored.Lease.DeliverBeforeFieldNumber)),
        ConfirmRequired = lease.Flag(Stored.Lease.ConfirmRequiredFieldNumber),
        ConfirmedAt = Packed.Instant(lease.Long(Stored.Lease.ConfirmedAtFieldNumber)),
        RevokedFor = SharedWords.Of(lease.Bytes(Stored.Lease.RevokedForFieldNumber)),
        RevokedAt = Packed.Instant(lease.Long(Stored.Lease.RevokedAtFieldNumber)),
        DeliveryCount = lease.Int(Stored.Lease.DeliveryCountFieldNumber),
        Priority = lease.Int(Stored.Lease.PriorityFieldNumber),
        IsCounted = !lease.Flag(Stored.Lease.NotCountedFieldNumber),
        InReplyTo = lease.Text(Stored.Lease.InReplyToFieldNumber),
        AgentId = lease.Text(Stored.Lease.AgentFieldNumber),
        Promotes = lease.OptionalFlag(Stored.Lease.PromotesFieldNumber),
    };

    private static Wake ReadWake(ref StateReader reader, scoped ref WireFields message)
    {
        var wake = new Wake(
            Packed.Instant(message.Long(Stored.Wake.AtFieldNumber)),
            SharedWords.Of(message.Bytes(Stored.Wake.ReasonFieldNumber)),
            (ContactChannel)message.Byte(Stored.Wake.ChannelFieldNumber),
            (int)message.Uint(Stored.Wake.BandFieldNumber));
        return wake == Wake.None ? Wake.None : wake;
    }

    private static AppliedRequest ReadApplied(ref StateReader reader, scoped ref WireFields request) => new(
        request.Fixed64(Stored.AppliedRequest.KeyFieldNumber),
        request.Fixed32(Stored.AppliedRequest.BodyFieldNumber),
        Packed.Required(request.Long(Stored.AppliedRequest.AtFieldNumber)));

    private static Callback ReadCallback(ref StateReader reader, scoped ref WireFields callback) => new(
        callback.Text(Stored.Callback.SignalIdFieldNumber),
        Packed.Required(callback.Long(Stored.Callback.EarliestFieldNumber)),
        Packed.Required(callback.Long(Stored.Callback.LatestFieldNumber)),
        reader.Point(ref callback, Stored.Callback.PointFieldNumber));

    private static SharedScope ReadScope(ref StateReader reader, scoped ref WireFields scope) =>
        new((SharedKind)scope.Byte(Stored.SharedScope.KindFieldNumber), reader.Name(ref scope, Stored.SharedScope.IdFieldNumber));

    private static Merge ReadMerge(ref StateReader reader, scoped ref WireFields merge) =>
        new(merge.Text(Stored.Merge.IntoFieldNumber), merge.Flag(Stored.Merge.DoneFieldNumber));

    private static MergedDebtor ReadMerged(ref StateReader reader, scoped ref WireFields merged) =>
        new(merged.Text(Stored.MergedDebtor.DebtorFieldNumber), merged.Long(Stored.MergedDebtor.SourceVersionFieldNumber))
        {
            Names = reader.ReadAll(ref merged, Stored.MergedDebtor.NamesFieldNumber, ReadAliasName),
        };

    private static AliasName ReadAliasName(ref StateReader reader, scoped ref WireFields name) => new(
        (AliasKind)name.Byte(Stored.AliasName.KindFieldNumber), name.Text(Stored.AliasName.IdFieldNumber), name.Text(Stored.AliasName.NameFieldNumber));

    private static Split ReadSplit(ref StateReader reader, scoped ref WireFields split) => new(
        split.Text(Stored.Split.OtherFieldNumber),
        split.Flag(Stored.Split.IsNewFieldNumber),
        reader.Accounts(ref split, Stored.Split.AccountsFieldNumber),
        reader.Points(ref split, Stored.Split.PointsFieldNumber),
        split.Fixed64(Stored.Split.RequestKeyFieldNumber),
        split.Fixed32(Stored.Split.RequestBodyFieldNumber));

    private static FormerDebt ReadFormerDebt(ref StateReader reader, scoped ref WireFields former) =>
        new(reader.Account(ref former, Stored.FormerDebt.AccountFieldNumber), reader.Name(ref former, Stored.FormerDebt.KeyFieldNumber));

    private static PartedDebtor ReadPart(ref StateReader reader, scoped ref WireFields part) => new(
        part.Text(Stored.PartedDebtor.DebtorFieldNumber),
        part.Text(Stored.PartedDebtor.OfFieldNumber),
        part.Long(Stored.PartedDebtor.VersionFieldNumber),
        part.Flag(Stored.PartedDebtor.IsSourceFieldNumber));

    private static Quarantine ReadQuarantine(ref StateReader reader, scoped ref WireFields aside) => new(
        aside.Text(Stored.Quarantine.ReasonFieldNumber),
        Packed.Required(aside.Long(Stored.Quarantine.SinceFieldNumber)),
        aside.Int(Stored.Quarantine.FaultsFieldNumber),
        aside.Text(Stored.Quarantine.FaultFieldNumber));
}
