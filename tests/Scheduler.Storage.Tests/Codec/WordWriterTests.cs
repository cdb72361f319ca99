using Scheduler.Storage.Codec;

namespace Scheduler.Storage.Tests.Codec;

public sealed class WordWriterTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(5_000)]
    public void Each_word_stands_once_and_keeps_its_number(int count)
    {
        var words = new WordWriter();
        // A second round finds the table cleared, and as large as the first one left it or as small as at first.
        for (var round = 0; round < 2; round++)
        {
            Assert.Equal(0u, words.Of(""));
            Assert.Equal(0u, words.Of(null));
            for (var i = 0; i < count; i++) Assert.Equal((uint)i + 1, words.Of(Word(i)));
            for (var i = 0; i < count; i++) Assert.Equal((uint)i + 1, words.Of(Word(i)));
            Assert.Equal(Enumerable.Range(0, count).Select(Word), words.Words.ToArray());
            words.Clear();
            Assert.True(words.Words.IsEmpty);
        }
    }

    /// <summary>Some shorter than what is hashed at once, some longer, a new string each time.</summary>
    private static string Word(int number) => new string('w', number % 7) + (number % 2 == 0 ? "loan-" : "") + number;
}
