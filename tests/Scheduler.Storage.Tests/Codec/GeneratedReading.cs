using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Caps;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Planning;
using Scheduler.Storage.Codec;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Storage.Tests.Codec;

/// <summary>What a state's message says, as the classes generated from <c>state.proto</c> read it: slow, and the measure for the reader of the wire format.</summary>
internal sealed class GeneratedReading(Domain.Debtors.DebtorKey key, Stored.DebtorState stored)
{
    private readonly WordTable _words = new(stored.Words);

    public static void Blank(Stored.DebtorState state)
    {
        state.SourceDigest = 0;
        foreach (var point in state.Points) point.Address = "";
        foreach (var location in state.Profile?.Locations ?? []) location.PostalCode = "";
        foreach (var consent in state.Consents) consent.EvidenceRef = "";
        foreach (var account in state.Accounts) account.Variables.Clear();
    }

    public static void Restore(Stored.DebtorState state, byte[] bytes)
    {
        var personal = Stored.PersonalFields.Parser.ParseFrom(bytes);
        state.SourceDigest = personal.SourceDigest;
        for (var i = 0; i < personal.Addresses.Count; i++) state.Points[i].Address = personal.Addresses[i];
        for (var i = 0; i < personal.PostalCodes.Count; i++) state.Profile.Locations[i].PostalCode = personal.PostalCodes[i];
        for (var i = 0; i < personal.EvidenceRefs.Count; i++) state.Consents[i].EvidenceRef = personal.EvidenceRefs[i];
        for (var i = 0; i < personal.Variables.Count; i++) state.Accounts[i].Variables.AddRange(personal.Variables[i].Pairs);
    }

    public DebtorState Read() => new()
    {
        Key = key,
        SourceVersion = stored.SourceVersion,
        SourceDigest = stored.SourceDigest,
        Profile = stored.Profile is { } profile ? Read(profile) : DebtorProfile.Empty,
        Points = Map(stored.Points, Read),
        Accounts = Map(stored.Accounts, Read),
        Consents = Map(stored.Consents, Read),
        Holds = Map(stored.Holds, Read),
        Promises = Map(stored.Promises, Read),
        Contacts = Map(stored.Contacts, Read),
        Plans = Map(stored.Plans, Read),
        Lease = stored.Lease is { } lease ? Read(lease) : null,
        Callback = stored.Callback is { } callback ? Read(callback) : null,
        Wake = stored.Wake is { } wake ? Read(wake) : Wake.None,
        Applied = Map(stored.Applied, static r => new AppliedRequest(r.Key, r.Body, Packed.Required(r.At))),
        Merge = stored.Merge is { } merge ? new Merge(merge.Into, merge.Done) : null,
        Split = stored.Split is { } split
            ? new Split(split.Other, split.IsNew, _words.Accounts(split.Accounts), _words.Points(split.Points), split.RequestKey, split.RequestBody)
            : null,
        Merged = Map(stored.Merged, static m => new MergedDebtor(m.Debtor, m.SourceVersion)
        {
            Names = Map(m.Names, static n => new AliasName((AliasKind)n.Kind, n.Id, n.Name)),
        }),
        SharedScopes = Map(stored.SharedScopes, s => new SharedScope((SharedKind)s.Kind, _words[s.Id])),
        Parts = Map(stored.Parts, static p => new PartedDebtor(p.Debtor, p.Of, p.Version, p.IsSource)),
        FormerDebts = Map(stored.FormerDebts, f => new FormerDebt(new AccountId(_words[f.Account]), _words[f.Key])),
        Phase = (DebtorPhase)stored.Phase,
        ChainHead = stored.ChainHead.IsEmpty ? [] : ImmutableCollectionsMarshal.AsImmutableArray(stored.ChainHead.ToByteArray()),
        EventCount = stored.EventCount,
        GapsCounted = stored.GapsCounted,
        Quarantine = stored.Quarantine is { } aside ? new Quarantine(aside.Reason, Packed.Required(aside.Since), aside.Faults, aside.Fault) : null,
    };

    private static Wake Read(Stored.Wake wake) => wake.At == 0 && wake.Reason.Length == 0 && wake is { Channel: 0, Band: Wake.LowestBand }
        ? Wake.None
        : new Wake(Packed.Instant(wake.At), wake.Reason, (ContactChannel)wake.Channel, (int)wake.Band);

    private DebtorProfile Read(Stored.DebtorProfile profile) => new()
    {
        Locations = Map(profile.Locations, static l => new LocationEvidence(
            l.Country, l.Region, l.Municipality, l.PostalCode, l.Zone, (LocationSource)l.Source, Packed.Instant(l.ObservedAt))),
        Language = profile.Language,
        LanguageRequested = profile.LanguageRequested,
        IsMinor = profile.Minor,
        EmployerForbidsContact = profile.EmployerForbids,
        RiskScore = profile.HasRiskScore ? profile.RiskScore : null,
        Tags = _words.All(profile.Tags),
        SpouseIds = [.. profile.Spouses],
    };

    private ContactPoint Read(Stored.ContactPoint point) => new()
    {
        Id = _words.Point(point.Id),
        Kind = (PointKind)point.Kind,
        Address = point.Address,
        Channels = new ChannelSet((ushort)point.Channels),
        Place = (PointPlace)point.Place,
        Status = (PointStatus)point.Status,
        ObtainedFrom = _words[point.ObtainedFrom],
        ConfirmedAt = Packed.Instant(point.ConfirmedAt),
        ReassignmentCheckedAt = Packed.Instant(point.ReassignmentCheckedAt),
        IsAgreed = point.Agreed,
        RestsUntil = Packed.Instant(point.RestsUntil),
    };

    private Amount Read(Stored.Amount? amount) => amount is null ? default : new Amount(_words[amount.Currency], amount.Units, amount.Nanos);

    private Account Read(Stored.Account account) => new()
    {
        Id = new AccountId(_words[account.Id]),
        CreditorId = _words[account.Creditor],
        Collector = (CollectorKind)account.Collector,
        Role = (PartyRole)account.Role,
        DebtKey = _words[account.DebtKey],
        Product = _words[account.Product],
        IsConsumer = account.HasNotConsumer ? !account.NotConsumer : null,
        Balance = Read(account.Balance),
        BalanceAt = Packed.Instant(account.BalanceAt),
        OldestDueOn = Packed.Date(account.OldestDueOn),
        Stage = (AccountStage)account.Stage,
        ContractOn = Packed.Date(account.ContractOn),
        IsTimeBarred = account.HasTimeBarred ? account.TimeBarred : null,
        StrategyId = _words[account.Strategy],
        PortfolioId = _words[account.Portfolio],
        Tags = _words.All(account.Tags),
        Variables = ReadVariables(account.Variables),
        EnteredAt = Packed.Required(account.EnteredAt),
        Closed = account.Closed == 0 ? null : (CloseReason)(account.Closed - 1),
    };

    private static ImmutableArray<KeyValuePair<string, string>> ReadVariables(RepeatedField<string> stored)
    {
        if (stored.Count == 0) return [];
        var variables = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>(stored.Count / 2);
        for (var i = 0; i + 1 < stored.Count; i += 2) variables.Add(new(stored[i], stored[i + 1]));
        return variables.ToImmutable();
    }

    private ConsentFact Read(Stored.ConsentFact consent) => new()
    {
        Id = consent.Id,
        Kind = (ConsentKind)consent.Kind,
        Channels = new ChannelSet((ushort)consent.Channels),
        Purposes = Map(consent.Purposes, static p => (ContactPurpose)p),
        Points = _words.Points(consent.Points),
        CreditorId = _words[consent.Creditor],
        GivenAt = Packed.Required(consent.GivenAt),
        ExpiresAt = Packed.Instant(consent.ExpiresAt),
        Method = _words[consent.Method],
        Instrument = (ConsentInstrument)consent.Instrument,
        WordingVersion = _words[consent.WordingVersion],
        EvidenceRef = consent.EvidenceRef,
        GivenDirectly = consent.GivenDirectly,
        IsOwnInitiative = consent.OwnInitiative,
        Hours = Map(consent.Hours, static h => new WeeklyHours((byte)h.Days, h.StartMinute, h.EndMinute)),
        AlsoOnHolidays = consent.AlsoOnHolidays,
    };

    private Hold Read(Stored.Hold hold) => new()
    {
        Id = hold.Id,
        Kind = (HoldKind)hold.Kind,
        Accounts = _words.Accounts(hold.Accounts),
        CreditorId = _words[hold.Creditor],
        Channels = new ChannelSet((ushort)hold.Channels),
        Start = Packed.Required(hold.Start),
        End = Packed.Instant(hold.End),
        Method = _words[hold.Method],
    };

    private Promise Read(Stored.Promise promise) => new()
    {
        Id = promise.Id,
        Accounts = _words.Accounts(promise.Accounts),
        Amount = Read(promise.Amount),
        Paid = Read(promise.Paid),
        DueOn = Packed.RequiredDate(promise.DueOn),
        State = (PromiseState)promise.State,
    };

    private ContactRecord Read(Stored.Contact contact) => new()
    {
        Id = contact.DispatchVersion == 0 ? contact.OtherId : DispatchId.Of(key.Debtor, (long)contact.DispatchVersion).Value,
        Channel = (ContactChannel)contact.Channel,
        Point = _words.Point(contact.Point),
        Place = (PointPlace)contact.Place,
        Accounts = _words.Accounts(contact.Accounts),
        Discussed = _words.Accounts(contact.Discussed),
        CreditorId = _words[contact.Creditor],
        GatewayId = _words[contact.Gateway],
        Purpose = contact.Purpose == 0 ? ContactPurpose.Collection : (ContactPurpose)(contact.Purpose - 1),
        IsInbound = contact.Inbound,
        PlacedAt = Packed.Required(contact.PlacedAt),
        DeliveredAt = Packed.Instant(contact.DeliveredAt),
        FirstDate = Packed.RequiredDate(contact.FirstDate),
        LastDate = Packed.RequiredDate(contact.LastDate == 0 ? contact.FirstDate : contact.LastDate),
        Facts = Packed.Facts(contact.Facts),
        Standing = (ContactStanding)contact.Standing,
        SettlesAt = Packed.Instant(contact.SettlesAt),
        IsCounted = !contact.NotCounted,
        StepId = _words[contact.Step],
        ReceiptKinds = contact.ReceiptKinds,
        SessionExpiresAt = Packed.Instant(contact.SessionExpiresAt),
    };

    private AccountPlan Read(Stored.Plan plan) => new()
    {
        Account = new AccountId(_words[plan.Account]),
        StrategyVersion = _words[plan.Strategy],
        StepId = _words[plan.Step],
        DueAt = Packed.Instant(plan.DueAt),
        LapsesAt = Packed.Instant(plan.LapsesAt),
        LeaseCount = plan.LeaseCount,
        NotPlacedCount = plan.NotPlacedCount,
        LastDay = plan.LastDay - 1,
    };

    private Lease Read(Stored.Lease lease) => new()
    {
        Dispatch = new DispatchId(lease.Dispatch),
        Fence = lease.Fence,
        GatewayId = lease.Gateway,
        InstanceId = lease.Instance,
        PullId = lease.Pull,
        Channel = (ContactChannel)lease.Channel,
        Point = _words.Point(lease.Point),
        Mode = (PlacementMode)lease.Mode,
        Purpose = (ContactPurpose)lease.Purpose,
        Role = (PartyRole)lease.Role,
        Accounts = _words.Accounts(lease.Accounts),
        PlannedFor = new AccountId(_words[lease.PlannedFor]),
        StepId = _words[lease.Step],
        StrategyVersion = _words[lease.Strategy],
        Template = _words[lease.Template],
        SenderId = _words[lease.Sender],
        LeasedAt = Packed.Required(lease.LeasedAt),
        ExpiresAt = Packed.Required(lease.ExpiresAt),
        NotAfter = Packed.Required(lease.NotAfter),
        DeliverBefore = Packed.Instant(lease.DeliverBefore),
        ConfirmRequired = lease.ConfirmRequired,
        ConfirmedAt = Packed.Instant(lease.ConfirmedAt),
        RevokedFor = lease.RevokedFor,
        RevokedAt = Packed.Instant(lease.RevokedAt),
        DeliveryCount = lease.DeliveryCount,
        Priority = lease.Priority,
        IsCounted = !lease.NotCounted,
        InReplyTo = lease.InReplyTo,
        AgentId = lease.Agent,
        Promotes = lease.HasPromotes ? lease.Promotes : null,
    };

    private Callback Read(Stored.Callback callback) => new(
        callback.SignalId, Packed.Required(callback.Earliest), Packed.Required(callback.Latest), _words.Point(callback.Point));

    private static ImmutableArray<TOut> Map<TIn, TOut>(RepeatedField<TIn> from, Func<TIn, TOut> map) => [.. from.Select(map)];

    private sealed class WordTable(RepeatedField<string> words)
    {
        public string this[uint index] => index == 0 ? "" : words[(int)(index - 1)];

        public PointId Point(uint index) => index == 0 ? default : new PointId(this[index]);

        public ImmutableArray<PointId> Points(RepeatedField<uint> indexes) => Map(indexes, Point);

        public ImmutableArray<AccountId> Accounts(RepeatedField<uint> indexes) => Map(indexes, index => new AccountId(this[index]));

        public ImmutableArray<string> All(RepeatedField<uint> indexes) => Map(indexes, index => this[index]);
    }
}
