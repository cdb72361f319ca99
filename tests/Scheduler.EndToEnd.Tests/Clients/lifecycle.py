"""A gateway and an upstream system written with Debian's grpcio: one debtor from enqueue to receipt, and one bad entry.

usage: lifecycle.py ADDRESS STUBS NOW   (NOW: RFC 3339, the host's simulated clock)
Prints one JSON object that the test reads.
"""
import datetime
import json
import sys

address, stubs, now_text = sys.argv[1:4]
sys.path.insert(0, stubs)

import grpc  # noqa: E402
from google.protobuf.timestamp_pb2 import Timestamp  # noqa: E402
from google.rpc import error_details_pb2, status_pb2  # noqa: E402
from google.type import date_pb2, money_pb2  # noqa: E402
from scheduler.v1 import common_pb2, debtor_pb2, debtor_pb2_grpc  # noqa: E402
from scheduler.v1 import dispatch_pb2, dispatch_pb2_grpc, ingest_pb2, ingest_pb2_grpc  # noqa: E402

now = datetime.datetime.fromisoformat(now_text.replace("Z", "+00:00"))
stamp = Timestamp()
stamp.FromDatetime(now.replace(tzinfo=None))
credential = (("authorization", "Bearer development"),)


def entry(debtor, currency="COP", zone="America/Bogota"):
    due = (now - datetime.timedelta(days=1)).date()
    return ingest_pb2.DebtorEntry(
        debtor_id=debtor,
        source_version=1,
        profile=ingest_pb2.DebtorProfile(
            locations=[ingest_pb2.LocationEvidence(country_code="CO", zone_id=zone, source=ingest_pb2.LOCATION_SOURCE_RESIDENCE)]
        ),
        contact_points=ingest_pb2.ContactPointList(
            points=[ingest_pb2.ContactPoint(point_id="mobile", kind=common_pb2.POINT_KIND_MOBILE, address="+573001234567")]
        ),
        accounts=[
            ingest_pb2.Account(
                account_id="acc-" + debtor,
                creditor_id="bank",
                collector_kind=common_pb2.COLLECTOR_KIND_CREDITOR,
                party_role=common_pb2.PARTY_ROLE_PRINCIPAL,
                product="credit_card",
                balance=money_pb2.Money(currency_code=currency, units=250000),
                oldest_due_date=date_pb2.Date(year=due.year, month=due.month, day=due.day),
                stage=ingest_pb2.ACCOUNT_STAGE_OVERDUE,
            )
        ],
        consents=[
            ingest_pb2.ConsentFact(
                consent_id="c-" + debtor,
                kind=ingest_pb2.CONSENT_KIND_GRANTED,
                given_time=Timestamp(seconds=stamp.seconds - 86400),
                method="signed_form",
            )
        ],
    )


def reason_of(status):
    for detail in status.details:
        info = error_details_pb2.ErrorInfo()
        if detail.Unpack(info):
            return info.reason
    return ""


def fields_of(status):
    for detail in status.details:
        bad = error_details_pb2.BadRequest()
        if detail.Unpack(bad):
            return [v.field for v in bad.field_violations]
    return []


def call_error(function):
    try:
        function()
        return {"code": "OK"}
    except grpc.RpcError as error:
        trailers = dict(error.trailing_metadata())
        status = status_pb2.Status()
        status.ParseFromString(trailers.get("grpc-status-details-bin", b""))
        return {"code": error.code().name, "reason": reason_of(status), "fields": fields_of(status)}


out = {}
with grpc.insecure_channel(address) as channel:
    ingest = ingest_pb2_grpc.IngestServiceStub(channel)
    debtors = debtor_pb2_grpc.DebtorServiceStub(channel)
    dispatches = dispatch_pb2_grpc.DispatchServiceStub(channel)
    gateway = dispatch_pb2.GatewayIdentity(gateway_id="py-gateway", instance_id="1")

    enqueued = ingest.EnqueueAccounts(
        ingest_pb2.EnqueueAccountsRequest(tenant_id="demo", entries=[entry("py-1"), entry("py-2", zone="Mars/Olympus"), entry("py-3")]),
        metadata=credential, timeout=30,
    )
    out["states"] = [ingest_pb2.EntryState.Name(r.state) for r in enqueued.results]
    out["rejected_fields"] = fields_of(enqueued.results[1].status)

    out["no_credential"] = call_error(lambda: ingest.EnqueueAccounts(
        ingest_pb2.EnqueueAccountsRequest(tenant_id="demo", entries=[entry("py-4")]), timeout=30))
    out["too_many"] = call_error(lambda: ingest.EnqueueAccounts(
        ingest_pb2.EnqueueAccountsRequest(tenant_id="demo", entries=[entry("py-4")] * 1001), metadata=credential, timeout=30))

    pull = dispatch_pb2.PullDispatchesRequest(
        tenant_ids=["demo"], gateway=gateway, channels=[common_pb2.CONTACT_CHANNEL_WHATSAPP], max_dispatches=10, pull_id="py-pull-1")
    pull.lease_duration.seconds = 60
    leased = []
    for _ in range(200):
        answer = dispatches.PullDispatches(pull, metadata=credential, timeout=30)
        leased = list(answer.dispatches)
        if len(leased) == 2:
            break
        for d in leased:
            dispatches.ReleaseLeases(dispatch_pb2.ReleaseLeasesRequest(gateway=gateway, leases=[dispatch_pb2.LeaseRef(
                tenant_id=d.tenant_id, debtor_id=d.debtor_id, dispatch_id=d.dispatch_id, lease_token=d.lease_token)],
                reason=dispatch_pb2.NOT_PLACED_REASON_NO_CAPACITY), metadata=credential, timeout=30)
        pull.pull_id = "py-pull-%d" % (int(pull.pull_id.rsplit("-", 1)[1]) + 1)
    out["leased"] = sorted(d.debtor_id for d in leased)
    again = dispatches.PullDispatches(pull, metadata=credential, timeout=30)
    out["replayed"] = sorted(d.dispatch_id for d in again.dispatches) == sorted(d.dispatch_id for d in leased)

    outcomes = [
        dispatch_pb2.Outcome(
            lease=dispatch_pb2.LeaseRef(tenant_id=d.tenant_id, debtor_id=d.debtor_id, dispatch_id=d.dispatch_id, lease_token=d.lease_token),
            placed=dispatch_pb2.Placed(
                place_time=stamp, provider_contact_id="wamid-" + d.debtor_id, disposition=dispatch_pb2.DISPOSITION_ACCEPTED,
                facts=ingest_pb2.ContactFacts(placed=True), receipts_expected=True),
            report_time=stamp,
        )
        for d in leased
    ]
    report = dispatch_pb2.ReportOutcomesRequest(gateway=gateway, outcomes=outcomes)
    out["outcomes"] = [dispatch_pb2.FactState.Name(r.state) for r in dispatches.ReportOutcomes(report, metadata=credential, timeout=30).results]
    out["outcomes_again"] = [dispatch_pb2.FactState.Name(r.state) for r in dispatches.ReportOutcomes(report, metadata=credential, timeout=30).results]

    receipts = dispatch_pb2.ReportReceiptsRequest(gateway=gateway, receipts=[dispatch_pb2.Receipt(
        tenant_id="demo", provider_contact_id="wamid-py-1", kind=dispatch_pb2.RECEIPT_KIND_DELIVERED, occur_time=stamp, receive_time=stamp)])
    out["receipts"] = [dispatch_pb2.FactState.Name(r.state) for r in dispatches.ReportReceipts(receipts, metadata=credential, timeout=30).results]
    out["receipts_again"] = [dispatch_pb2.FactState.Name(r.state) for r in dispatches.ReportReceipts(receipts, metadata=credential, timeout=30).results]

    explained = debtors.ExplainDebtor(
        debtor_pb2.ExplainDebtorRequest(tenant_id="demo", debtor_id="py-1", channels=[common_pb2.CONTACT_CHANNEL_SMS]), metadata=credential, timeout=30)
    out["sms_after_whatsapp"] = [common_pb2.VerdictKind.Name(e.verdict.kind) for e in explained.explanations]
    out["deciding_rules"] = [e.verdict.deciding_rule_id for e in explained.explanations]

    timeline = debtors.ListTimeline(debtor_pb2.ListTimelineRequest(tenant_id="demo", debtor_id="py-1", page_size=100), metadata=credential, timeout=30)
    out["event_types"] = [e.event_type for e in timeline.entries]

print(json.dumps(out))
