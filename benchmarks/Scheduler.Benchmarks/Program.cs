using Scheduler.Benchmarks;
using Scheduler.Benchmarks.Debtors;
using Scheduler.Benchmarks.Due;
using Scheduler.Benchmarks.Ready;

// The first argument says what to measure, the second how many times the usual amount.
var scale = BenchmarkScale.Of(args);
switch (args.FirstOrDefault())
{
    case "verdict":
        return VerdictBenchmarks.Run(scale);
    case "turns":
        return TurnBenchmarks.Run(scale);
    case "state":
        return StateBenchmarks.Run(scale);
    case "ready":
        return ReadyQueueBenchmarks.Run(scale);
    case "grains":
        return await GrainBenchmarks.RunAsync(scale);
    case "grpc":
        return await GrpcBenchmarks.RunAsync(scale);
    case "groupcommit":
        return await GroupCommitBenchmark.RunAsync(args);
    case "due":
        return await DueIndexBenchmark.RunAsync(args);
    default:
        Console.Error.WriteLine("""
            usage: Scheduler.Benchmarks verdict | turns | state | ready | grains | grpc  [scale] [--quick]
                   Scheduler.Benchmarks groupcommit [--debtors N] [--rows N] [--callers N] [--postgres [--in-flight N]]
                   Scheduler.Benchmarks groupcommit --lifecycles [--debtors N] [--callers N] [--in-flight N] [--connection TEXT]
                   Scheduler.Benchmarks due [--entries N] [--state BYTES] [--moves N] [--callers N] [--postgres]
            """);
        return 2;
}
