namespace Scheduler.Grains.Tests.TestKit;

/// <summary>Waits for what one-way messages bring about, without naming a time: it looks again after every turn of the thread pool.</summary>
internal static class Eventually
{
    private const int Looks = 20_000;

    public static async Task HoldsAsync(Func<Task<bool>> condition)
    {
        for (var look = 0; look < Looks; look++)
        {
            if (await condition()) return;
            await Task.Yield();
        }

        Assert.Fail("It did not come to hold.");
    }
}
