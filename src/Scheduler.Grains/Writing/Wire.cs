using System.Collections.Immutable;
using Google.Protobuf;
using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;
using Scheduler.Domain.Strategies;
using Scheduler.Grains.Debtors;
using Scheduler.Protocol.Border;
using Scheduler.Protocol.Events;
using Scheduler.Protocol.Mapping;
using Scheduler.Storage.Sealing;

namespace Scheduler.Grains.Writing;

/// <summary>
/// The bytes of grain messages, to commands and from answers. Bodies were validated at the border, so violations are not collected again.
/// </summary>
internal static class Wire
{
    public static EntryCommand ReadEntry(DebtorKey key, ReadOnlyMemory<byte> body, Instant now) =>
        EntryMap.Read(key.Tenant, V1.DebtorEntry.Parser.ParseFrom(body.Span), new FieldViolations(), now);

    public static SignalCommand ReadSignal(ReadOnlyMemory<byte> body, Instant now) =>
        SignalMap.Read(V1.Signal.Parser.ParseFrom(body.Span), new FieldViolations(), now, needsTarget: false);

    public static CloseCommand ReadClosure(ReadOnlyMemory<byte> body, Instant now)
    {
        var closure = V1.AccountClosure.Parser.ParseFrom(body.Span);
        return new CloseCommand
        {
            Account = new AccountId(closure.AccountId),
            Reason = (CloseReason)closure.Reason,
            ClosedAt = closure.CloseTime is { } at ? ScalarMap.ToInstant(at) : now,
            RequestId = closure.RequestId,
        };
    }

    public static TransferCommand ReadTransfer(ReadOnlyMemory<byte> body, Instant now) =>
        TransferMap.Read(V1.AccountTransfer.Parser.ParseFrom(body.Span), new FieldViolations(), now);

    public static SeedCommand ReadContact(ReadOnlyMemory<byte> body, Instant now) =>
        new(ContactMap.Read(V1.ExternalContact.Parser.ParseFrom(body.Span), new FieldViolations(), now));

    public static V1.Outcome ParseOutcome(FactReport report) => V1.Outcome.Parser.ParseFrom(report.Body.Span);

    public static OutcomeCommand ReadOutcome(V1.Outcome outcome, string gateway, Instant now) => OutcomeMap.Read(outcome, gateway, new FieldViolations(), now);

    /// <summary>Empty: the signal is about none.</summary>
    public static string DispatchOf(Submission signal) => V1.Signal.Parser.ParseFrom(signal.Body.Span) is { TargetCase: V1.Signal.TargetOneofCase.DispatchId } about ? about.DispatchId : "";

    public static V1.Receipt ParseReceipt(FactReport report) => V1.Receipt.Parser.ParseFrom(report.Body.Span);

    public static ReceiptCommand ReadReceipt(V1.Receipt receipt, Instant now) => OutcomeMap.Read(receipt, new FieldViolations(), now);

    public static LeaseRef ReadClaim(LeaseClaim claim) => new(new DispatchId(claim.DispatchId), DispatchMap.Fence(claim.Token.Span));

    public static ReadOnlyMemory<byte> Token(Lease lease) => DispatchMap.Token(lease.Fence).Memory;

    public static byte[] WriteEvents(long firstSequence, ImmutableArray<DebtorEvent> events, Instant now, DebtorSeal seal) =>
        EventCodec.Encode(new EventBatch(firstSequence, now, events), seal);

    public static byte[] WriteDispatch(DebtorState state, Lease lease, Step? step, V1.Verdict? verdict, PolicySnapshot policy, Instant now) =>
        DispatchMap.Write(state, lease, step, verdict, Demands.Of(state, lease, policy, now)).ToByteArray();

    public static AuthorizeCommand ReadAuthorize(ReadOnlyMemory<byte> body)
    {
        var request = V1.AuthorizeContactRequest.Parser.ParseFrom(body.Span);
        return AuthorizeMap.Read(request, new FieldViolations(), ScalarMap.ToDuration(request.LeaseDuration));
    }

    public static byte[] WriteAuthorized(DebtorState state, AuthorizeReply reply, ContactChannel channel, PolicySnapshot policy) =>
        AuthorizeMap.Write(state, reply, channel, reply.Lease is { } lease ? Demands.Of(state, lease, policy, lease.LeasedAt) : [], policy).ToByteArray();

    public static byte[] WriteDebtor(DebtorState state, long version) => DebtorMap.Write(state, version).ToByteArray();

    public static V1.Verdict? Verdict(Verdict? verdict, DebtorState state, PolicySnapshot policy) =>
        verdict is { } v ? VerdictMap.Write(v, policy.PackVersionsOf(state), policy.ZoneDataVersion) : null;

    public static ReadOnlyMemory<byte> WriteVerdict(Verdict? verdict, DebtorState state, PolicySnapshot policy) =>
        Verdict(verdict, state, policy) is { } message ? message.ToByteArray() : ReadOnlyMemory<byte>.Empty;
}
