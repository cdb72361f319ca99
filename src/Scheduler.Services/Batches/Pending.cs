using Scheduler.Services.Refusals;

namespace Scheduler.Services.Batches;

/// <summary>One item of a batch on its way: where it goes, or why it goes nowhere.</summary>
/// <param name="Keys">Grain keys of the debtors it is about.</param>
/// <param name="Refusal">Set when it was refused at the border; it has no keys then.</param>
public sealed record Pending<TItem>(int Index, TItem Item, IReadOnlyList<string> Keys, Google.Rpc.Status? Refusal)
{
    public static Pending<TItem> Refused(int index, TItem item, Google.Rpc.Status why) => new(index, item, [], why);

    public static Pending<TItem> To(int index, TItem item, string key) => new(index, item, [key], null);

    /// <summary>Looks the debtors up; none found is the given refusal, and a storage failure is the item's own.</summary>
    public static async Task<Pending<TItem>> FindAsync(int index, TItem item, Task<IReadOnlyList<string>> lookup, Func<Google.Rpc.Status> whenNone)
    {
        try
        {
            var keys = await lookup;
            return keys.Count == 0 ? Refused(index, item, whenNone()) : new Pending<TItem>(index, item, keys, null);
        }
        catch (Exception failure) when (FailureInterceptor.ItemStatus(failure) is { } status)
        {
            return Refused(index, item, status);
        }
    }
}
