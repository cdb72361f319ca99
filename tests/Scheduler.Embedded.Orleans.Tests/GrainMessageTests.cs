using System.Collections.Immutable;

namespace Scheduler.Embedded.Orleans.Tests;

public sealed class GrainMessageTests
{
    [Theory]
    [InlineData(typeof(int))]
    [InlineData(typeof(DayOfWeek))]
    [InlineData(typeof(DateOnly?))]
    [InlineData(typeof(ReadOnlyMemory<byte>))]
    [InlineData(typeof((string, ImmutableArray<decimal>)))]
    [InlineData(typeof(IReadOnlyList<MarkedMessage>))]
    [InlineData(typeof(NestedMessage))]
    public void What_has_a_codec_may_cross(Type type) => Assert.Null(GrainMessageAllowList.WhyNot(type));

    [Theory]
    [InlineData(typeof(List<int>))]
    [InlineData(typeof(int[]))]
    [InlineData(typeof(object))]
    [InlineData(typeof(Exception))]
    [InlineData(typeof(UnmarkedMessage))]
    [InlineData(typeof(OnlyImmutableMessage))]
    [InlineData(typeof(ImmutableArray<UnmarkedMessage>))]
    [InlineData(typeof(MessageAroundUnmarked))]
    public void What_has_none_may_not(Type type) => Assert.NotNull(GrainMessageAllowList.WhyNot(type));

    [Fact]
    public void A_violation_names_method_and_member()
    {
        var violation = Assert.Single(GrainMessageAllowList.Violations(typeof(ICarelessGrain)));
        Assert.Contains("ICarelessGrain.Send: MessageAroundUnmarked.Inner", violation, StringComparison.Ordinal);
    }

    [GenerateSerializer]
    public sealed record MarkedMessage(string Text, long Number);

    [GenerateSerializer]
    public sealed record NestedMessage(MarkedMessage Inner, ImmutableArray<MarkedMessage> More, NestedMessage? Next);

    public sealed record UnmarkedMessage(string Text);

    [Immutable]
    public sealed record OnlyImmutableMessage(string Text);

    [GenerateSerializer]
    public sealed record MessageAroundUnmarked(UnmarkedMessage Inner);

    public interface ICarelessGrain : IGrainWithStringKey
    {
        Task Send(MessageAroundUnmarked message);

        Task<MarkedMessage> Fetch(long number, CancellationToken cancellationToken);
    }
}
