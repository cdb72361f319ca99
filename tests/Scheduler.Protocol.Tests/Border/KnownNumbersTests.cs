using Scheduler.Protocol.Border;

namespace Scheduler.Protocol.Tests.Border;

public sealed class KnownNumbersTests
{
    private enum Wide
    {
        Lowest = int.MinValue,
        Before = -1,
        None = 0,
        LastOfWord = 63,
        FirstBeyond = 64,
        Highest = int.MaxValue,
    }

    [Fact]
    public void A_number_is_known_when_the_enum_names_it()
    {
        AsReflectionSays<V1.ContactChannel>();
        AsReflectionSays<V1.ConsentKind>();
        AsReflectionSays<V1.DebtorState>();
        AsReflectionSays<Google.Type.DayOfWeek>();
        AsReflectionSays<Wide>();
    }

    private static void AsReflectionSays<TEnum>()
        where TEnum : struct, Enum
    {
        foreach (var number in Enumerable.Range(-70, 300).Concat([int.MinValue, int.MinValue + 1, int.MaxValue - 1, int.MaxValue]))
        {
            var value = (TEnum)Enum.ToObject(typeof(TEnum), number);
            Assert.True(Enum.IsDefined(value) == KnownNumbers<TEnum>.Has(value), $"{typeof(TEnum).Name} {number}");
            Assert.Equal(number, KnownNumbers<TEnum>.NumberOf(value));
        }
    }
}
