using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Consent;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Tests.Policy;

/// <summary>What is recorded of the rules with every decision.</summary>
public sealed class ProverTests
{
    private static readonly PolicySnapshot Policy = Situation.Library.Compile();
    private static readonly ContactFacts Unanswered = new() { Placed = true, Delivered = false, TwoWay = false };

    [Fact]
    public void A_permit_names_the_rules_that_bound_with_their_counters_and_ends()
    {
        var situation = new Situation { Debtor = Situation.Living("US-NY") };
        situation = situation.With(debtor => debtor with
        {
            Contacts =
            [
                Situation.Contact("c1", ContactChannel.Call, situation.At - Duration.FromDays(2), Policy, debtor, Unanswered),
                Situation.Contact("c2", ContactChannel.Call, situation.At - Duration.FromDays(1), Policy, debtor, Unanswered, ContactStanding.Placed),
            ],
        });
        var proof = PolicyEvaluator.Prove(situation.Question, Policy);

        Assert.True(situation.Ask(Policy).IsPermit);
        Assert.DoesNotContain(proof.Rules, rule => rule.IsRefusal);
        Assert.Equal(new CounterProof(2, 1, 7, "7 local days"), proof.Rules.Single(rule => rule.RuleId == "US.calls").Counter);
        Assert.Equal(proof.Rules.Length, proof.RuleCount);
        Assert.Equal(situation.Ask(Policy).At, proof.Rules.Min(rule => rule.Until));
    }

    [Fact]
    public void A_refusal_names_every_rule_that_refused()
    {
        var situation = new Situation { At = Instant.FromUtc(2026, 11, 22, 15, 0) }.With(debtor => debtor with
        {
            Holds = [new Hold { Id = "h", Kind = HoldKind.Dispute, Start = Instant.FromUtc(2026, 1, 1, 0, 0) }],
        });
        var refused = PolicyEvaluator.Prove(situation.Question, Policy).Rules.Where(rule => rule.IsRefusal).ToList();

        Assert.Null(refused.Single(rule => rule.RuleId == "hold.dispute").Until);
        Assert.Equal(Instant.FromUtc(2026, 11, 23, 12, 0), refused.Single(rule => rule.RuleId == "CO.hours").Until);
    }

    [Fact]
    public void A_lifted_rule_names_its_exception_and_a_rule_of_another_channel_is_left_out()
    {
        var situation = new Situation { At = Instant.FromUtc(2026, 11, 22, 15, 0), Channel = ContactChannel.Whatsapp, Purpose = ContactPurpose.Reply, InReplyTo = "i1" };
        situation = situation.With(debtor => debtor with
        {
            Contacts = [Situation.Contact("i1", ContactChannel.Whatsapp, situation.At - Duration.FromMinutes(30), Policy, debtor) with { IsInbound = true }],
        });
        var rules = PolicyEvaluator.Prove(situation.Question, Policy).Rules;

        Assert.Equal("CO.reply_hours", rules.Single(rule => rule.RuleId == "CO.hours").LiftedBy);
        Assert.All(
            Policy.Packs.SelectMany(pack => pack.Rules).Where(rule => rules.Any(proof => proof.RuleId == rule.Id)),
            rule => Assert.True(rule.Governs.Governs(situation.Channel, situation.Purpose, PointPlace.Personal)));
    }

    [Fact]
    public void No_more_rules_are_recorded_than_an_event_can_bear_and_refusals_are_kept()
    {
        var rules = Enumerable.Range(1, 60).Select(n => $"{{id: XX.party_{n}, type: party, allow: [{(n == 60 ? "guarantor" : "principal")}], source: \"[T]\"}}").ToArray();
        var policy = Situation.Policy(rules);
        var proof = PolicyEvaluator.Prove((new Situation { Debtor = Situation.Living("XX:America/Bogota") }).Question, policy);

        Assert.Equal((VerdictProof.MostRules, 60), (proof.Rules.Length, proof.RuleCount));
        Assert.Contains(proof.Rules, rule => rule is { RuleId: "XX.party_60", IsRefusal: true });
    }

    [Fact]
    public void The_digest_changes_with_whatever_the_rules_look_at()
    {
        var situation = new Situation();
        situation = situation.With(debtor => debtor with { Contacts = [Situation.Contact("c1", ContactChannel.Sms, situation.At - Duration.FromDays(1), Policy, debtor, Unanswered)] });
        var account = situation.Debtor.Accounts[0];
        var point = situation.Debtor.Points[0];
        Situation[] others =
        [
            situation with { Channel = ContactChannel.Sms },
            situation with { Purpose = ContactPurpose.PromiseReminder },
            situation with { Mode = PlacementMode.Automated },
            situation with { At = situation.At + Duration.FromTicks(1) },
            situation with { Notices = [] },
            situation with { InReplyTo = "i1" },
            situation with { ExceptContact = "c1" },
            situation.With(debtor => debtor with { Profile = debtor.Profile with { IsMinor = true } }),
            situation.With(debtor => debtor with { Profile = debtor.Profile with { EmployerForbidsContact = true } }),
            situation.With(debtor => debtor with { Profile = debtor.Profile with { Locations = Situation.Living("CO", "PE").Profile.Locations } }),
            situation.With(debtor => debtor with { Points = [point with { Place = PointPlace.Work }] }),
            situation.With(debtor => debtor with { Points = [point with { ConfirmedAt = null }] }),
            situation.With(debtor => debtor with { Accounts = [account with { Collector = CollectorKind.Creditor }] }),
            situation.With(debtor => debtor with { Accounts = [account with { DebtKey = "d" }] }),
            situation.With(debtor => debtor with { Consents = [debtor.Consents[0] with { Kind = ConsentKind.Withdrawn }] }),
            situation.With(debtor => debtor with { Holds = [new Hold { Id = "h", Kind = HoldKind.Dispute, Start = situation.At }] }),
            situation.With(debtor => debtor with { Promises = [new Promise { Id = "p", DueOn = new LocalDate(2026, 12, 1) }] }),
            situation.With(debtor => debtor with { Contacts = [debtor.Contacts[0] with { Facts = Unanswered with { TwoWay = null } }] }),
            situation with { Shared = [new(situation.Debtor.Contacts[0] with { Id = "s1" }, ["A"], [], IsHousehold: false)] },
        ];
        var digests = others.Select(DigestOf).ToList();

        Assert.Equal(DigestOf(situation), DigestOf(situation.With(debtor => debtor with { Contacts = [.. debtor.Contacts] })));
        Assert.DoesNotContain(DigestOf(situation), digests);
        Assert.Distinct(digests);
    }

    [Fact]
    public void The_digest_says_nothing_of_what_is_sealed()
    {
        var situation = new Situation();
        var other = situation.With(debtor => debtor with
        {
            Points = [debtor.Points[0] with { Address = "another" }],
            Consents = [debtor.Consents[0] with { EvidenceRef = "recording-7" }],
            Accounts = [debtor.Accounts[0] with { Variables = [new("name", "Ana")] }],
        });
        Assert.Equal(DigestOf(situation), DigestOf(other));
    }

    private static ulong DigestOf(Situation situation) => PolicyEvaluator.Prove(situation.Question, Policy).InputsDigest;
}
