namespace Orleans.Embedded;

/// <summary>Registers, finds and removes the reminders of a grain.</summary>
internal interface IReminderRegistry
{
    Task<IGrainReminder> RegisterOrUpdateAsync(GrainId grainId, string name, TimeSpan dueTime, TimeSpan period);

    Task<IGrainReminder?> FindAsync(GrainId grainId, string name);

    Task UnregisterAsync(GrainId grainId, IGrainReminder reminder);
}
