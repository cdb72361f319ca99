using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using Scheduler.Domain.Policy;

namespace Scheduler.Protocol.Mapping;

/// <summary>
/// Enums both ways. Domain's numbers are those of the protocol, so most are casts; verdicts and phases differ and stand as tables.
/// Values from a client pass the border's check of known numbers first: a cast of an unknown one overflows.
/// </summary>
public static class EnumMap
{
    public static ContactChannel ToDomain(this V1.ContactChannel value) => (ContactChannel)value;

    public static V1.ContactChannel ToProto(this ContactChannel value) => (V1.ContactChannel)value;

    public static PlacementMode ToDomain(this V1.PlacementMode value) => (PlacementMode)value;

    public static V1.PlacementMode ToProto(this PlacementMode value) => (V1.PlacementMode)value;

    public static ContactPurpose ToDomain(this V1.ContactPurpose value) => (ContactPurpose)value;

    public static V1.ContactPurpose ToProto(this ContactPurpose value) => (V1.ContactPurpose)value;

    public static PartyRole ToDomain(this V1.PartyRole value) => (PartyRole)value;

    public static V1.PartyRole ToProto(this PartyRole value) => (V1.PartyRole)value;

    public static CollectorKind ToDomain(this V1.CollectorKind value) => (CollectorKind)value;

    public static V1.CollectorKind ToProto(this CollectorKind value) => (V1.CollectorKind)value;

    public static PointKind ToDomain(this V1.PointKind value) => (PointKind)value;

    public static V1.PointKind ToProto(this PointKind value) => (V1.PointKind)value;

    public static PointPlace ToDomain(this V1.PointPlace value) => (PointPlace)value;

    public static V1.PointPlace ToProto(this PointPlace value) => (V1.PointPlace)value;

    public static PointStatus ToDomain(this V1.PointStatus value) => (PointStatus)value;

    public static V1.PointStatus ToProto(this PointStatus value) => (V1.PointStatus)value;

    public static LocationSource ToDomain(this V1.LocationSource value) => (LocationSource)value;

    public static V1.LocationSource ToProto(this LocationSource value) => (V1.LocationSource)value;

    public static AccountStage ToDomain(this V1.AccountStage value) => (AccountStage)value;

    public static V1.AccountStage ToProto(this AccountStage value) => (V1.AccountStage)value;

    public static CloseReason ToDomain(this V1.CloseReason value) => (CloseReason)value;

    public static V1.CloseReason ToProto(this CloseReason value) => (V1.CloseReason)value;

    public static HoldKind ToDomain(this V1.HoldKind value) => (HoldKind)value;

    public static V1.HoldKind ToProto(this HoldKind value) => (V1.HoldKind)value;

    public static PromiseState ToDomain(this V1.PromiseState value) => (PromiseState)value;

    public static V1.PromiseState ToProto(this PromiseState value) => (V1.PromiseState)value;

    public static InboundIntent ToDomain(this V1.InboundIntent value) => (InboundIntent)value;

    public static V1.InboundIntent ToProto(this InboundIntent value) => (V1.InboundIntent)value;

    public static DemandKind ToDomain(this V1.DemandKind value) => (DemandKind)value;

    public static V1.DemandKind ToProto(this DemandKind value) => (V1.DemandKind)value;

    public static EntryState ToDomain(this V1.EntryState value) => (EntryState)value;

    public static V1.EntryState ToProto(this EntryState value) => (V1.EntryState)value;

    public static ConsentKind ToDomain(this V1.ConsentKind value) => (ConsentKind)value;

    public static V1.ConsentKind ToProto(this ConsentKind value) => (V1.ConsentKind)value;

    public static ConsentInstrument ToDomain(this V1.ConsentInstrument value) => (ConsentInstrument)value;

    public static V1.ConsentInstrument ToProto(this ConsentInstrument value) => (V1.ConsentInstrument)value;

    public static NotPlacedReason ToDomain(this V1.NotPlacedReason value) => (NotPlacedReason)value;

    public static V1.NotPlacedReason ToProto(this NotPlacedReason value) => (V1.NotPlacedReason)value;

    public static FaultScope ToDomain(this V1.FaultScope value) => (FaultScope)value;

    public static V1.FaultScope ToProto(this FaultScope value) => (V1.FaultScope)value;

    public static Disposition ToDomain(this V1.Disposition value) => (Disposition)value;

    public static V1.Disposition ToProto(this Disposition value) => (V1.Disposition)value;

    public static FactState ToDomain(this V1.FactState value) => (FactState)value;

    public static V1.FactState ToProto(this FactState value) => (V1.FactState)value;

    public static ContactResolution ToDomain(this V1.ContactResolution value) => (ContactResolution)value;

    public static V1.ContactResolution ToProto(this ContactResolution value) => (V1.ContactResolution)value;

    public static ReceiptKind ToDomain(this V1.ReceiptKind value) => (ReceiptKind)value;

    public static V1.ReceiptKind ToProto(this ReceiptKind value) => (V1.ReceiptKind)value;

    public static ReceiptEvidence ToDomain(this V1.ReceiptEvidence value) => (ReceiptEvidence)value;

    public static V1.ReceiptEvidence ToProto(this ReceiptEvidence value) => (V1.ReceiptEvidence)value;

    public static SplitStep ToDomain(this V1.SplitStep value) => (SplitStep)value;

    public static V1.SplitStep ToProto(this SplitStep value) => (V1.SplitStep)value;

    public static StepPassing ToDomain(this V1.StepPassing value) => (StepPassing)value;

    public static V1.StepPassing ToProto(this StepPassing value) => (V1.StepPassing)value;

    public static ContactStanding ToDomain(this V1.ContactStanding value) => value switch
    {
        V1.ContactStanding.Reserved => ContactStanding.Reserved,
        V1.ContactStanding.Placed => ContactStanding.Placed,
        V1.ContactStanding.Settled => ContactStanding.Settled,
        _ => ContactStanding.Unresolved,
    };

    public static V1.ContactStanding ToProto(this ContactStanding value) => value switch
    {
        ContactStanding.Reserved => V1.ContactStanding.Reserved,
        ContactStanding.Placed => V1.ContactStanding.Placed,
        ContactStanding.Settled => V1.ContactStanding.Settled,
        _ => V1.ContactStanding.Unresolved,
    };

    public static VerdictKind ToDomain(this V1.VerdictKind value) => value switch
    {
        V1.VerdictKind.Permit => VerdictKind.Permit,
        V1.VerdictKind.Defer => VerdictKind.Defer,
        _ => VerdictKind.Forbid,
    };

    public static V1.VerdictKind ToProto(this VerdictKind value) => value switch
    {
        VerdictKind.Permit => V1.VerdictKind.Permit,
        VerdictKind.Defer => V1.VerdictKind.Defer,
        _ => V1.VerdictKind.Forbid,
    };

    public static DebtorPhase ToDomain(this V1.DebtorState value) => (DebtorPhase)value;

    public static V1.DebtorState ToProto(this DebtorPhase value) => (V1.DebtorState)value;
}
