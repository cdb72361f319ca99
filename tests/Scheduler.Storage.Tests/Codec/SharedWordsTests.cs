using System.Text;
using Scheduler.Storage.Codec;

namespace Scheduler.Storage.Tests.Codec;

public sealed class SharedWordsTests
{
    [Fact]
    public void A_word_is_one_string_for_all_who_ask_for_it()
    {
        var first = SharedWords.Of("bank-of-the-andes"u8);
        Assert.Equal("bank-of-the-andes", first);
        Assert.Same(first, SharedWords.Of("bank-of-the-andes"u8));
    }

    [Fact]
    public void Whatever_came_before_a_word_is_what_its_bytes_say()
    {
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 5_000; i++)
            {
                foreach (var word in (string[])[$"w{i}", $"über-{i}", $"水{i}", new string('x', 30 + (i % 40)) + i]) Assert.Equal(word, SharedWords.Of(Encoding.UTF8.GetBytes(word)));
            }
        }

        Assert.Equal("", SharedWords.Of([]));
    }
}
