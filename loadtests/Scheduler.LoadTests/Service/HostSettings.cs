using NodaTime;
using NodaTime.Text;

namespace Scheduler.LoadTests.Service;

/// <summary>What the service is told beside its port and folder.</summary>
internal static class HostSettings
{
    public static IEnumerable<string> Of(LoadOptions options, string connection, Instant? simulatedFrom)
    {
        if (options.IsPostgres)
        {
            yield return "Storage:Provider=Postgres";
            yield return $"Storage:Postgres:ConnectionString={connection}";
        }

        if (simulatedFrom is not { } start) yield break;
        yield return "Clock:Mode=Simulated";
        yield return $"Clock:Start={InstantPattern.General.Format(start)}";
    }
}
