using Microsoft.Extensions.DependencyInjection;
using Orleans.Embedded;

namespace Orleans;

/// <summary>Reminders of the calling grain: durable, at least a minute apart, ticks missed while the silo is down are lost.</summary>
public static class GrainReminderExtensions
{
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this Grain grain, string reminderName, TimeSpan dueTime, TimeSpan period) =>
        Registry(grain).RegisterOrUpdateAsync(grain.GrainContext.GrainId, reminderName, dueTime, period);

    /// <summary>The reminder of that name, or null.</summary>
    public static Task<IGrainReminder?> GetReminder(this Grain grain, string reminderName) =>
        Registry(grain).FindAsync(grain.GrainContext.GrainId, reminderName);

    public static Task UnregisterReminder(this Grain grain, IGrainReminder reminder) =>
        Registry(grain).UnregisterAsync(grain.GrainContext.GrainId, reminder);

    private static IReminderRegistry Registry(Grain grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain is IRemindable
            ? grain.GrainContext.ActivationServices.GetRequiredService<IReminderRegistry>()
            : throw new InvalidOperationException($"{grain.GetType()} uses reminders but is not {nameof(IRemindable)}.");
    }
}
