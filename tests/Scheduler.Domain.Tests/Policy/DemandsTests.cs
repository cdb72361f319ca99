using NodaTime;
using Scheduler.Domain.Attempts;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Packs;
using Scheduler.Domain.Policy;

namespace Scheduler.Domain.Tests.Policy;

/// <summary>What rules demand of gateways goes with the dispatch, and only while the rule binds.</summary>
public sealed class DemandsTests
{
    private static readonly PolicySnapshot Shipped = Situation.Library.Compile();
    private static readonly Instant Now = Instant.FromUtc(2026, 11, 4, 15, 0);

    [Fact]
    public void In_New_York_City_the_language_preference_is_kept_with_every_contact()
    {
        var situation = new Situation { Debtor = Situation.Living("US-NY"), At = Now };
        var demand = Assert.Single(Demands.Of(situation.Question, Shipped));
        Assert.Equal((DemandKind.Record, "language", "NYC.language"), (demand.Kind, Assert.Single(demand.Of), demand.RuleId));
    }

    [Fact]
    public void Before_the_rule_is_in_force_nothing_is_demanded() =>
        Assert.Empty(Demands.Of((new Situation { Debtor = Situation.Living("US-NY"), At = Instant.FromUtc(2026, 8, 31, 15, 0) }).Question, Shipped));

    [Fact]
    public void A_template_is_demanded_until_the_debtor_opens_a_session_and_again_when_it_ends()
    {
        var situation = new Situation { Debtor = Situation.Living("CO"), Channel = ContactChannel.Whatsapp, At = Now };
        Assert.Equal(DemandKind.Template, Assert.Single(Demands.Of(situation.Question, Shipped)).Kind);
        var wrote = Situation.Contact("i1", ContactChannel.Whatsapp, Now - Duration.FromHours(1), Shipped, situation.Debtor) with { IsInbound = true, SessionExpiresAt = Now + Duration.FromHours(23) };
        var answered = situation.With(debtor => debtor with { Contacts = [wrote] });
        Assert.Empty(Demands.Of(answered.Question, Shipped));
        Assert.Single(Demands.Of((answered with { At = Now + Duration.FromHours(23) }).Question, Shipped));
        Assert.Single(Demands.Of(answered.With(debtor => debtor with { Contacts = [wrote with { Channel = ContactChannel.Sms }] }).Question, Shipped));
        Assert.Single(Demands.Of(answered.With(debtor => debtor with { Contacts = [wrote with { Point = new PointId("p9") }] }).Question, Shipped));
    }

    [Fact]
    public void An_explanation_names_what_the_gateway_must_keep()
    {
        var explained = (new Situation { Debtor = Situation.Living("US-NY"), At = Now }).Explain(Shipped);
        Assert.Contains("language", explained.Rules.Single(rule => rule.RuleId == "NYC.language").Reason, StringComparison.Ordinal);
    }
}
