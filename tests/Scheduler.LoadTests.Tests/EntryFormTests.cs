using Google.Protobuf;
using NodaTime;
using Scheduler.LoadTests.Traffic;
using Scheduler.Protocol.Wire;
using Scheduler.V1;

namespace Scheduler.LoadTests.Tests;

public sealed class EntryFormTests
{
    private static readonly Instant Now = Instant.FromUtc(2026, 3, 4, 5, 6, 7);
    private readonly LoadPortfolio _portfolio = new(Now, "run");

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(12_345)]
    [InlineData(9_999_999)]
    public void A_debtor_due_at_once_arrives_as_it_was_built(int number) => Assert.Equal(Built(number, Appointment.AtOnce), Arrived((number, Appointment.AtOnce)));

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    public void An_idle_debtor_arrives_as_it_was_built(int number) => Assert.Equal(Built(number, Appointment.Idle), Arrived((number, Appointment.Idle)));

    [Theory]
    [InlineData(2, 5_000)]
    [InlineData(1_000_000, 61_001)]
    public void An_appointed_debtor_arrives_as_it_was_built(int number, int ahead)
    {
        var appointment = Appointment.On(Now.PlusTicks(ahead * NodaConstants.TicksPerMillisecond));
        Assert.Equal(Built(number, appointment), Arrived((number, appointment)));
    }

    [Fact]
    public void Debtors_of_one_call_do_not_depend_on_each_other()
    {
        (int, Appointment)[] debtors = [(3, Appointment.AtOnce), (4, Appointment.Idle), (5, Appointment.On(Now)), (6, Appointment.AtOnce)];
        var expected = new EnqueueAccountsRequest { TenantId = "load" };
        foreach (var (number, appointment) in debtors) expected.Entries.Add(_portfolio.Debtor(number, appointment.Due, appointment.IsIdle));
        Assert.Equal(expected, Arrived(debtors));
    }

    private EnqueueAccountsRequest Built(int number, Appointment appointment) =>
        new() { TenantId = "load", Entries = { _portfolio.Debtor(number, appointment.Due, appointment.IsIdle) } };

    private EnqueueAccountsRequest Arrived(params (int Number, Appointment Appointment)[] debtors)
    {
        var wire = new WireWriter();
        var form = new EntryForm(_portfolio);
        wire.Text(EnqueueAccountsRequest.TenantIdFieldNumber, "load");
        foreach (var (number, appointment) in debtors) form.Write(wire, number, appointment);
        var request = EnqueueAccountsRequest.Parser.ParseFrom(wire.Written);
        // As long as the generated classes' own form, too.
        Assert.Equal(request.CalculateSize(), wire.Written.Length);
        return request;
    }
}
