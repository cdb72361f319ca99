using Scheduler.Host;
using Scheduler.Host.Configuration;

try
{
    return await SchedulerHost.RunAsync(args);
}
catch (ConfigurationException refused)
{
    await Console.Error.WriteLineAsync("scheduler: " + refused.Message);
    return ExitCodes.Configuration;
}
