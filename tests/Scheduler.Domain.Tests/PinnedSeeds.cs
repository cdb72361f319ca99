using FsCheck;
using Microsoft.FSharp.Core;

namespace Scheduler.Domain.Tests;

/// <summary>Random tests draw the same cases at every run, so that a red run is a defect of the change before it. A new finding adds its seed.</summary>
internal static class PinnedSeeds
{
    public static Config Runs(ulong seed, int count) =>
        Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(seed, 0x9E37_79B9_7F4A_7C15UL), FSharpOption<int>.None)));
}
