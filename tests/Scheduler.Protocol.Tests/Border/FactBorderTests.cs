using Google.Protobuf;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Tests.Border;

public sealed class FactBorderTests
{
    private static readonly Dictionary<string, Action<V1.Signal>> BadSignals = new(StringComparer.Ordinal)
    {
        ["target REQUIRED"] = s => s.ClearTarget(),
        ["signal_id REQUIRED"] = s => s.SignalId = "",
        ["occur_time REQUIRED"] = s => s.OccurTime = null,
        ["occur_time IN_FUTURE"] = s => s.OccurTime = Entries.At(3600),
        ["dispatch_id ID_MALFORMED"] = s => s.DispatchId = "not-a-dispatch",
        ["fact REQUIRED"] = s => s.ClearFact(),
        ["payment.amount REQUIRED"] = s => s.Payment.Amount = null,
        ["payment.balance_after.units NEGATIVE"] = s => s.Payment.BalanceAfter = new Google.Type.Money { CurrencyCode = "COP", Units = -1 },
        ["hold_placed.kind REQUIRED"] = s => s.HoldPlaced = new V1.Hold { HoldId = "h" },
        ["hold_placed.end_time INCONSISTENT"] = s => s.HoldPlaced =
            new V1.Hold { HoldId = "h", Kind = V1.HoldKind.Dispute, StartTime = Entries.At(0), EndTime = Entries.At(0) },
        ["promise.due_date REQUIRED"] = s => s.Promise = new V1.Promise { PromiseId = "p" },
        ["point_change.status REQUIRED"] = s => s.PointChange = new V1.PointChange { PointId = "p" },
        ["callback_request.latest_time INCONSISTENT"] = s => s.CallbackRequest =
            new V1.CallbackRequest { EarliestTime = Entries.At(10), LatestTime = Entries.At(5) },
        ["external_contact.channel REQUIRED"] = s => s.ExternalContact =
            new V1.ExternalContact { ExternalContactId = "x", PlaceTime = Entries.At(-5) },
    };

    public static TheoryData<string> Bad => [.. BadSignals.Keys];

    [Theory]
    [MemberData(nameof(Bad))]
    public void Each_bad_signal_names_its_field(string expected)
    {
        var signal = Payment();
        BadSignals[expected](signal);
        var violations = new FieldViolations();

        SignalMap.Read(signal, violations, Entries.Now);

        var violation = Assert.Single(violations.Listed);
        Assert.Equal(expected, $"{violation.Field} {violation.Reason}");
    }

    [Fact]
    public void A_reversed_payment_is_negative()
    {
        var signal = Payment();
        signal.Payment.Amount.Units = -10;
        var violations = new FieldViolations();

        var command = SignalMap.Read(signal, violations, Entries.Now);

        Assert.False(violations.Any);
        Assert.Equal(-10, Assert.IsType<SignalFact.Payment>(command.Fact).Amount.Units);
    }

    [Fact]
    public void A_point_that_is_not_known_is_no_point()
    {
        var signal = Payment();
        signal.Inbound = new V1.Inbound { Intent = V1.InboundIntent.Stop };

        var command = SignalMap.Read(signal, new FieldViolations(), Entries.Now);

        Assert.Equal(default, Assert.IsType<SignalFact.Inbound>(command.Fact).Point);
    }

    [Fact]
    public void An_outcome_is_placed_or_not()
    {
        var violations = new FieldViolations();

        OutcomeMap.Read(new V1.Outcome { Lease = Lease() }, "g", violations, Entries.Now);

        Assert.Equal("result REQUIRED", $"{violations.Listed[0].Field} {violations.Listed[0].Reason}");
    }

    [Fact]
    public void What_is_placed_is_placed_whatever_the_facts_leave_out()
    {
        var outcome = new V1.Outcome { Lease = Lease(), Placed = new V1.Placed { PlaceTime = Entries.At(-5), Facts = new V1.ContactFacts { Delivered = true } } };
        var violations = new FieldViolations();

        var command = OutcomeMap.Read(outcome, "g", violations, Entries.Now);

        Assert.False(violations.Any);
        Assert.Equal(new ContactFacts { Placed = true, Delivered = true }, Assert.IsType<Outcome.Placed>(command.Outcome).Facts);
        Assert.Equal(new Domain.Attempts.LeaseRef(new DispatchId("d1.a"), 10), command.Lease);
    }

    [Theory]
    [InlineData("d2", "d1.a", "dispatch_id INCONSISTENT")]
    [InlineData("d1", "d1", "dispatch_id ID_MALFORMED")]
    [InlineData("", "d1.a", "debtor_id REQUIRED")]
    public void A_lease_names_its_debtor_and_dispatch_alike(string debtor, string dispatch, string expected)
    {
        var lease = Lease();
        (lease.DebtorId, lease.DispatchId) = (debtor, dispatch);
        var violations = new FieldViolations();

        DispatchMap.Read(lease, violations);

        var violation = Assert.Single(violations.Listed);
        Assert.Equal(expected, $"{violation.Field} {violation.Reason}");
    }

    [Fact]
    public void A_token_that_is_not_ours_fences_nothing()
    {
        Assert.Equal(42, DispatchMap.Fence(DispatchMap.Token(42).Span));
        Assert.Equal(0, DispatchMap.Fence(ByteString.CopyFromUtf8("whatever!").Span));
        Assert.Equal(0, DispatchMap.Fence([]));
    }

    [Fact]
    public void A_receipt_names_its_contact_one_way_or_the_other()
    {
        var violations = new FieldViolations();

        OutcomeMap.Read(new V1.Receipt { Kind = V1.ReceiptKind.Delivered }, violations, Entries.Now);
        OutcomeMap.Read(new V1.Receipt { Kind = V1.ReceiptKind.Delivered, ProviderContactId = "wamid.1" }, violations, Entries.Now);

        Assert.Equal("contact", Assert.Single(violations.Listed).Field);
    }

    private static V1.Signal Payment() => new()
    {
        SignalId = "s1",
        DebtorId = "d1",
        OccurTime = Entries.At(-60),
        Payment = new V1.Payment { PaymentId = "p1", AccountId = "a1", Amount = new Google.Type.Money { CurrencyCode = "COP", Units = 5 } },
    };

    private static V1.LeaseRef Lease() => new() { TenantId = "t", DebtorId = "d1", DispatchId = "d1.a", LeaseToken = DispatchMap.Token(10) };
}
