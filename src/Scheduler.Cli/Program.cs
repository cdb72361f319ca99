using Scheduler.Cli.Sessions;

#pragma warning disable RS0030 // The outermost layer: the only place where the process's own clock is taken.
var clock = TimeProvider.System;
#pragma warning restore RS0030

var environment = new CliEnvironment(Console.Out, Console.Error, clock, Environment.GetEnvironmentVariable)
{
    IsInteractive = !Console.IsOutputRedirected && !Console.IsErrorRedirected,
};
return await CommandLine.RunAsync(args, environment);
