using System.Runtime.InteropServices;
using Google.Protobuf;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Planning;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Storage.Codec;

/// <summary>Writes one state. Values that are a field's usual one are left out.</summary>
internal sealed class StateWriter
{
    private readonly DebtorState _state;
    private readonly Stored.DebtorState _stored = new();
    private readonly WordWriter _words;

    public StateWriter(DebtorState state)
    {
        _state = state;
        _words = new WordWriter(_stored.Words);
    }

    public Stored.DebtorState Write()
    {
        _stored.SourceVersion = _state.SourceVersion;
        _stored.SourceDigest = _state.SourceDigest;
        if (_state.Profile != DebtorProfile.Empty) _stored.Profile = Of(_state.Profile);
        foreach (var account in _state.Accounts) _stored.Accounts.Add(Of(account));
        foreach (var point in _state.Points) _stored.Points.Add(Of(point));
        foreach (var consent in _state.Consents) _stored.Consents.Add(Of(consent));
        foreach (var hold in _state.Holds) _stored.Holds.Add(Of(hold));
        foreach (var promise in _state.Promises) _stored.Promises.Add(Of(promise));
        foreach (var contact in _state.Contacts) _stored.Contacts.Add(Of(contact));
        foreach (var plan in _state.Plans) _stored.Plans.Add(Of(plan));
        foreach (var scope in _state.SharedScopes) _stored.SharedScopes.Add(new Stored.SharedScope { Kind = (uint)scope.Kind, Id = _words.Of(scope.Id) });
        foreach (var former in _state.FormerDebts) _stored.FormerDebts.Add(new Stored.FormerDebt { Account = _words.Of(former.Account.Value), Key = _words.Of(former.Key) });
        foreach (var part in _state.Parts) _stored.Parts.Add(new Stored.PartedDebtor { Debtor = part.Debtor, Of = part.Of, Version = part.Version, IsSource = part.IsSource });
        foreach (var request in _state.Applied) _stored.Applied.Add(new Stored.AppliedRequest { Key = request.Key, Body = request.Body, At = Packed.Of(request.At) });
        if (_state.Lease is { } lease) _stored.Lease = Of(lease);
        if (_state.Callback is { } callback) _stored.Callback = Of(callback);
        if (_state.Merge is { } merge) _stored.Merge = new Stored.Merge { Into = merge.Into, Done = merge.IsDone };
        if (_state.Split is { } split) _stored.Split = Of(split);
        foreach (var merged in _state.Merged) _stored.Merged.Add(Of(merged));
        _stored.Wake = new Stored.Wake
        {
            At = Packed.Of(_state.Wake.At),
            Reason = _state.Wake.Reason,
            Channel = (uint)_state.Wake.Channel,
            Band = (uint)_state.Wake.Band,
        };
        _stored.Phase = (uint)_state.Phase;
        _stored.EventCount = _state.EventCount;
        _stored.GapsCounted = _state.GapsCounted;
        if (_state.Quarantine is { } aside)
        {
            _stored.Quarantine = new Stored.Quarantine { Reason = aside.Reason, Since = Packed.Of(aside.Since), Faults = aside.Faults, Fault = aside.Fault };
        }

        // The array is immutable, so its bytes are shared rather than copied.
        if (!_state.ChainHead.IsDefaultOrEmpty) _stored.ChainHead = UnsafeByteOperations.UnsafeWrap(ImmutableCollectionsMarshal.AsArray(_state.ChainHead));
        return _stored;
    }

    private static Stored.MergedDebtor Of(MergedDebtor merged)
    {
        var stored = new Stored.MergedDebtor { Debtor = merged.Debtor, SourceVersion = merged.SourceVersion };
        foreach (var name in merged.Names) stored.Names.Add(new Stored.AliasName { Kind = (uint)name.Kind, Id = name.Id, Name = name.Name });
        return stored;
    }

    private Stored.DebtorProfile Of(DebtorProfile profile)
    {
        var stored = new Stored.DebtorProfile
        {
            Language = profile.Language,
            LanguageRequested = profile.LanguageRequested,
            Minor = profile.IsMinor,
            EmployerForbids = profile.EmployerForbidsContact,
        };
        if (profile.RiskScore is { } risk) stored.RiskScore = risk;
        _words.AddAll(profile.Tags, stored.Tags);
        stored.Spouses.AddRange(profile.SpouseIds);
        foreach (var location in profile.Locations)
        {
            stored.Locations.Add(new Stored.Location
            {
                Country = location.CountryCode,
                Region = location.RegionCode,
                Municipality = location.MunicipalityCode,
                PostalCode = location.PostalCode,
                Zone = location.ZoneId,
                Source = (uint)location.Source,
                ObservedAt = Packed.Of(location.ObservedAt),
            });
        }

        return stored;
    }

    private Stored.ContactPoint Of(ContactPoint point) => new()
    {
        Id = _words.Of(point.Id.Value),
        Kind = (uint)point.Kind,
        Address = point.Address,
        Channels = point.Channels.Bits,
        Place = (uint)point.Place,
        Status = (uint)point.Status,
        ObtainedFrom = _words.Of(point.ObtainedFrom),
        ConfirmedAt = Packed.Of(point.ConfirmedAt),
        ReassignmentCheckedAt = Packed.Of(point.ReassignmentCheckedAt),
        Agreed = point.IsAgreed,
        RestsUntil = Packed.Of(point.RestsUntil),
    };

    private Stored.Amount? Of(Amount amount) => amount == default
        ? null
        : new Stored.Amount { Currency = _words.Of(amount.Currency), Units = amount.Units, Nanos = amount.Nanos };

    private Stored.Account Of(Account account)
    {
        var stored = new Stored.Account
        {
            Id = _words.Of(account.Id.Value),
            Creditor = _words.Of(account.CreditorId),
            Collector = (uint)account.Collector,
            Role = (uint)account.Role,
            DebtKey = _words.Of(account.DebtKey),
            Product = _words.Of(account.Product),
            Balance = Of(account.Balance),
            BalanceAt = Packed.Of(account.BalanceAt),
            OldestDueOn = Packed.Of(account.OldestDueOn),
            Stage = (uint)account.Stage,
            ContractOn = Packed.Of(account.ContractOn),
            Strategy = _words.Of(account.StrategyId),
            Portfolio = _words.Of(account.PortfolioId),
            EnteredAt = account.EnteredAt == default ? 0 : Packed.Of(account.EnteredAt),
            Closed = account.Closed is { } reason ? (uint)reason + 1 : 0,
        };
        if (account.IsConsumer is { } isConsumer) stored.NotConsumer = !isConsumer;
        if (account.IsTimeBarred is { } isTimeBarred) stored.TimeBarred = isTimeBarred;
        _words.AddAll(account.Tags, stored.Tags);
        foreach (var (key, value) in account.Variables)
        {
            stored.Variables.Add(key);
            stored.Variables.Add(value);
        }

        return stored;
    }

    private Stored.ConsentFact Of(ConsentFact consent)
    {
        var stored = new Stored.ConsentFact
        {
            Id = consent.Id,
            Kind = (uint)consent.Kind,
            Channels = consent.Channels.Bits,
            Creditor = _words.Of(consent.CreditorId),
            GivenAt = Packed.Of(consent.GivenAt),
            ExpiresAt = Packed.Of(consent.ExpiresAt),
            Method = _words.Of(consent.Method),
            Instrument = (uint)consent.Instrument,
            WordingVersion = _words.Of(consent.WordingVersion),
            EvidenceRef = consent.EvidenceRef,
            GivenDirectly = consent.GivenDirectly,
            OwnInitiative = consent.IsOwnInitiative,
            AlsoOnHolidays = consent.AlsoOnHolidays,
        };
        foreach (var purpose in consent.Purposes) stored.Purposes.Add((uint)purpose);
        foreach (var point in consent.Points) stored.Points.Add(_words.Of(point.Value));
        foreach (var hours in consent.Hours)
        {
            stored.Hours.Add(new Stored.WeeklyHours { Days = hours.Days, StartMinute = hours.StartMinute, EndMinute = hours.EndMinute });
        }

        return stored;
    }

    private Stored.Hold Of(Hold hold)
    {
        var stored = new Stored.Hold
        {
            Id = hold.Id,
            Kind = (uint)hold.Kind,
            Creditor = _words.Of(hold.CreditorId),
            Channels = hold.Channels.Bits,
            Start = Packed.Of(hold.Start),
            End = Packed.Of(hold.End),
            Method = _words.Of(hold.Method),
        };
        _words.AddAll(hold.Accounts, stored.Accounts);
        return stored;
    }

    private Stored.Promise Of(Promise promise)
    {
        var stored = new Stored.Promise
        {
            Id = promise.Id,
            Amount = Of(promise.Amount),
            Paid = Of(promise.Paid),
            DueOn = Packed.Of(promise.DueOn),
            State = (uint)promise.State,
        };
        _words.AddAll(promise.Accounts, stored.Accounts);
        return stored;
    }

    private Stored.Contact Of(ContactRecord contact)
    {
        var stored = new Stored.Contact
        {
            Channel = (uint)contact.Channel,
            Point = _words.Of(contact.Point.Value),
            Place = (uint)contact.Place,
            Creditor = _words.Of(contact.CreditorId),
            Gateway = _words.Of(contact.GatewayId),
            Purpose = contact.Purpose == ContactPurpose.Collection ? 0 : (uint)contact.Purpose + 1,
            Inbound = contact.IsInbound,
            PlacedAt = Packed.Of(contact.PlacedAt),
            DeliveredAt = Packed.Of(contact.DeliveredAt),
            FirstDate = Packed.Of(contact.FirstDate),
            LastDate = contact.LastDate == contact.FirstDate ? 0 : Packed.Of(contact.LastDate),
            Facts = Packed.Of(contact.Facts),
            Standing = (uint)contact.Standing,
            SettlesAt = Packed.Of(contact.SettlesAt),
            NotCounted = !contact.IsCounted,
            Step = _words.Of(contact.StepId),
            ReceiptKinds = contact.ReceiptKinds,
            SessionExpiresAt = Packed.Of(contact.SessionExpiresAt),
        };
        _words.AddAll(contact.Accounts, stored.Accounts);
        _words.AddAll(contact.Discussed, stored.Discussed);
        if (new DispatchId(contact.Id).TryParse(out var debtor, out var version) && debtor == _state.Key.Debtor && DispatchId.Of(debtor, version).Value == contact.Id)
        {
            stored.DispatchVersion = (ulong)version;
        }
        else
        {
            stored.OtherId = contact.Id;
        }

        return stored;
    }

    private Stored.Plan Of(AccountPlan plan) => new()
    {
        Account = _words.Of(plan.Account.Value),
        Strategy = _words.Of(plan.StrategyVersion),
        Step = _words.Of(plan.StepId),
        DueAt = Packed.Of(plan.DueAt),
        LapsesAt = Packed.Of(plan.LapsesAt),
        LeaseCount = plan.LeaseCount,
        NotPlacedCount = plan.NotPlacedCount,
        LastDay = plan.LastDay + 1,
    };

    private Stored.Lease Of(Lease lease)
    {
        var stored = new Stored.Lease
        {
            Dispatch = lease.Dispatch.Value,
            Fence = lease.Fence,
            Gateway = lease.GatewayId,
            Instance = lease.InstanceId,
            Pull = lease.PullId,
            Channel = (uint)lease.Channel,
            Point = _words.Of(lease.Point.Value),
            Mode = (uint)lease.Mode,
            Purpose = (uint)lease.Purpose,
            Role = (uint)lease.Role,
            PlannedFor = _words.Of(lease.PlannedFor.Value),
            Step = _words.Of(lease.StepId),
            Strategy = _words.Of(lease.StrategyVersion),
            Template = _words.Of(lease.Template),
            Sender = _words.Of(lease.SenderId),
            LeasedAt = Packed.Of(lease.LeasedAt),
            ExpiresAt = Packed.Of(lease.ExpiresAt),
            NotAfter = Packed.Of(lease.NotAfter),
            DeliverBefore = Packed.Of(lease.DeliverBefore),
            ConfirmRequired = lease.ConfirmRequired,
            ConfirmedAt = Packed.Of(lease.ConfirmedAt),
            RevokedFor = lease.RevokedFor,
            RevokedAt = Packed.Of(lease.RevokedAt),
            DeliveryCount = lease.DeliveryCount,
            Priority = lease.Priority,
            NotCounted = !lease.IsCounted,
            InReplyTo = lease.InReplyTo,
            Agent = lease.AgentId,
        };
        if (lease.Promotes is { } promotes) stored.Promotes = promotes;
        _words.AddAll(lease.Accounts, stored.Accounts);
        return stored;
    }

    private Stored.Split Of(Split split)
    {
        var stored = new Stored.Split { Other = split.Other, IsNew = split.IsNew, RequestKey = split.RequestKey, RequestBody = split.RequestBody };
        _words.AddAll(split.Accounts, stored.Accounts);
        foreach (var point in split.Points) stored.Points.Add(_words.Of(point.Value));
        return stored;
    }

    private Stored.Callback Of(Callback callback) => new()
    {
        SignalId = callback.SignalId,
        Earliest = Packed.Of(callback.Earliest),
        Latest = Packed.Of(callback.Latest),
        Point = _words.Of(callback.Point.Value),
    };
}
