using Scheduler.Benchmarks;

// The first argument says what to measure, the second how many times the usual amount.
var scale = args.Length > 1 && int.TryParse(args[1], out var times) ? times : 1;
switch (args.FirstOrDefault())
{
    case "grains":
        return await GrainBenchmarks.RunAsync(scale);
    case "grpc":
        return await GrpcBenchmarks.RunAsync(scale);
    case "groupcommit":
        return await GroupCommitBenchmark.RunAsync(args);
    case "verdict":
        return VerdictBenchmarks.Run(scale);
    default:
        Console.Error.WriteLine("usage: Scheduler.Benchmarks grains [scale] | grpc [scale] | verdict [scale] | groupcommit [--debtors N] [--rows N] [--callers N] [--postgres [--in-flight N]]");
        return 2;
}
