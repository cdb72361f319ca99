using System.Collections.Immutable;
using Google.Protobuf;
using Google.Type;
using NodaTime;
using Scheduler.Protocol.Mapping;
using Scheduler.Protocol.Wire;
using Scheduler.V1;

namespace Scheduler.LoadTests.Traffic;

/// <summary>
/// A portfolio's entries as bytes: what is the same in every debtor is encoded once, so that the load costs the machine a fraction of what building
/// and serializing messages does. They parse to what <see cref="LoadPortfolio.Debtor"/> builds.
/// </summary>
internal sealed class EntryForm
{
    private readonly LoadPortfolio _portfolio;
    private readonly byte[] _person;
    private readonly byte[] _mobile;
    private readonly byte[] _mail;
    private readonly byte[] _home;
    private readonly byte[] _dueAccount;
    private readonly byte[] _idleAccount;
    private readonly byte[] _money;
    private readonly ImmutableArray<(ContactChannel Channel, byte[] Same)> _granted;
    private readonly byte[] _refused;

    public EntryForm(LoadPortfolio portfolio)
    {
        _portfolio = portfolio;
        var entry = portfolio.Debtor(0, due: null, isIdle: false);
        _person = new DebtorEntry { SourceVersion = entry.SourceVersion, Profile = entry.Profile }.ToByteArray();
        (_mobile, _mail, _home) = (PointRest(entry, 0), PointRest(entry, 1), PointRest(entry, 2));
        _money = Rest(entry.Accounts[0].Balance, Money.UnitsFieldNumber);
        (_dueAccount, _idleAccount) = (AccountRest(entry, 0), AccountRest(entry, 1));
        _granted = [.. entry.Consents.Select(static fact => (fact.Channels[0], ConsentRest(fact)))];
        _refused = ConsentRest(portfolio.Debtor(0, default(Instant), isIdle: false).Consents[^1]);
    }

    /// <summary>One entry of a request.</summary>
    public void Write(WireWriter wire, int number, Appointment appointment)
    {
        var id = _portfolio.IdOf(number);
        var entry = wire.Begin(EnqueueAccountsRequest.EntriesFieldNumber);
        wire.Text(DebtorEntry.DebtorIdFieldNumber, id);
        wire.Fields(_person);
        var points = wire.Begin(DebtorEntry.ContactPointsFieldNumber);
        WritePoint(wire, LoadPortfolio.MobileOf(number), _mobile);
        WritePoint(wire, LoadPortfolio.MailboxOf(id), _mail);
        WritePoint(wire, LoadPortfolio.HomeOf(number), _home);
        wire.End(points);
        var owed = LoadPortfolio.OwedBy(id);
        WriteAccount(wire, LoadPortfolio.AccountOf(id, 1), owed, appointment.IsIdle ? _idleAccount : _dueAccount);
        WriteAccount(wire, LoadPortfolio.AccountOf(id, 2), owed, _idleAccount);
        WriteConsents(wire, id, number, appointment.Due);
        wire.End(entry);
    }

    private static void WritePoint(WireWriter wire, string address, byte[] rest)
    {
        var point = wire.Begin(ContactPointList.PointsFieldNumber);
        wire.Text(ContactPoint.AddressFieldNumber, address);
        wire.Fields(rest);
        wire.End(point);
    }

    private void WriteAccount(WireWriter wire, string accountId, int owed, byte[] rest)
    {
        var account = wire.Begin(DebtorEntry.AccountsFieldNumber);
        wire.Text(Account.AccountIdFieldNumber, accountId);
        var balance = wire.Begin(Account.BalanceFieldNumber);
        wire.Fields(_money);
        wire.Number(Money.UnitsFieldNumber, owed);
        wire.End(balance);
        wire.Fields(rest);
        wire.End(account);
    }

    // Of who falls due at an instant, the last is not a consent but a refusal of the hours before.
    private void WriteConsents(WireWriter wire, string id, int number, Instant? due)
    {
        var evidence = LoadPortfolio.EvidenceOf(number);
        for (var i = 0; i < _granted.Length - (due is null ? 0 : 1); i++)
        {
            var (channel, rest) = _granted[i];
            var fact = wire.Begin(DebtorEntry.ConsentsFieldNumber);
            wire.Text(ConsentFact.ConsentIdFieldNumber, LoadPortfolio.ConsentOf(id, channel));
            wire.Text(ConsentFact.EvidenceRefFieldNumber, evidence);
            wire.Fields(rest);
            wire.End(fact);
        }

        if (due is not { } instant) return;
        var refusal = wire.Begin(DebtorEntry.ConsentsFieldNumber);
        wire.Text(ConsentFact.ConsentIdFieldNumber, LoadPortfolio.RefusalOf(id));
        var end = wire.Begin(ConsentFact.ExpireTimeFieldNumber);
        wire.Fields(ScalarMap.ToProto(instant));
        wire.End(end);
        wire.Fields(_refused);
        wire.End(refusal);
    }

    private static byte[] PointRest(DebtorEntry entry, int place) => Rest(entry.ContactPoints.Points[place], ContactPoint.AddressFieldNumber);

    private static byte[] AccountRest(DebtorEntry entry, int place) => Rest(entry.Accounts[place], Account.AccountIdFieldNumber, Account.BalanceFieldNumber);

    private static byte[] ConsentRest(ConsentFact fact) =>
        Rest(fact, ConsentFact.ConsentIdFieldNumber, ConsentFact.EvidenceRefFieldNumber, ConsentFact.ExpireTimeFieldNumber);

    /// <summary>A message without the fields in which debtors differ.</summary>
    private static byte[] Rest<T>(T message, params ReadOnlySpan<int> without)
        where T : IMessage<T>
    {
        var rest = message.Clone();
        foreach (var field in without) rest.Descriptor.FindFieldByNumber(field).Accessor.Clear(rest);
        return rest.ToByteArray();
    }
}
