using Scheduler.Protocol.Border;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Tests.Border;

public sealed class ExtremesTests
{
    private const int Messages = 2_000;

    [Fact]
    public void No_entry_breaks_the_border() => Read<V1.DebtorEntry>(static (m, v) => EntryMap.Read("t", m, v, Entries.Now));

    [Fact]
    public void No_signal_breaks_the_border() => Read<V1.Signal>(static (m, v) => SignalMap.Read(m, v, Entries.Now));

    [Fact]
    public void No_outcome_breaks_the_border() => Read<V1.Outcome>(static (m, v) => OutcomeMap.Read(m, "g", v, Entries.Now));

    [Fact]
    public void No_receipt_breaks_the_border() => Read<V1.Receipt>(static (m, v) => OutcomeMap.Read(m, v, Entries.Now));

    [Fact]
    public void No_closure_breaks_the_border() => Read<V1.AccountClosure>(static (m, v) => ClosureMap.Read(m, v, Entries.Now));

    [Fact]
    public void No_contact_breaks_the_border() => Read<V1.ExternalContact>(static (m, v) => ContactMap.Read(m, v, Entries.Now));

    /// <summary>Whatever comes in, the border answers with violations and never with an exception; almost nothing of this kind is right.</summary>
    private static void Read<T>(Action<T, FieldViolations> read)
        where T : Google.Protobuf.IMessage<T>, new()
    {
        var refused = 0;
        for (var seed = 0; seed < Messages; seed++)
        {
            var violations = new FieldViolations();
            read(new Extremes(seed).Make<T>(), violations);
            if (violations.Any) refused++;
            Assert.True(violations.Listed.Count <= FieldViolations.Limit);
        }

        Assert.InRange(refused, Messages / 2, Messages);
    }
}
