namespace Scheduler.RulePacks.Mutating;

/// <summary>
/// Changes of which sources.md says, with a reason, that no case can notice them: a table whose first heading is "change", its first cells
/// as survivors are shown ("XX.day: 'counts' counts everything").
/// </summary>
internal static class ExcusedChanges
{
    public const string Heading = "change";

    public static HashSet<string> Of(PackText? sources)
    {
        var excused = new HashSet<string>();
        var isWithin = false;
        foreach (var line in sources?.Text.Split('\n') ?? [])
        {
            if (!line.StartsWith('|'))
            {
                isWithin = false;
                continue;
            }

            var first = line.Trim().Trim('|').Split('|')[0].Trim();
            if (first == Heading) isWithin = true;
            else if (isWithin && !first.StartsWith("--", StringComparison.Ordinal)) excused.Add(first);
        }

        return excused;
    }
}
