using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Scheduler.Storage.Tests.Conformance;

public abstract partial class DebtorStoreConformance
{
    /// <summary>Fewer where opening a database costs more.</summary>
    private protected virtual int ModelRuns => 25;

    [Fact]
    public void Random_writes_are_answered_as_by_the_model()
    {
        var step = from kind in Gen.Elements(Enum.GetValues<StepKind>()) from debtor in Gen.Choose(0, 5) select new Step(kind, debtor);
        var batches = step.ArrayOf().Select(steps => steps.Take(60).ToArray()).ArrayOf().Select(all => all.Take(6).ToArray());

        // The same cases at every run: a red run is a defect of the change before it.
        var replay = FSharpOption<Replay>.Some(new Replay(new Rnd(20261117, 0x9E37_79B9_7F4A_7C15UL), FSharpOption<int>.None));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(ModelRuns).WithReplay(replay), Prop.ForAll(batches.ToArbitrary(), CompareWithModelAsync));
    }

    /// <summary>The steps of a batch are sent without waiting, so that groups, held-back writes and poison rows mix; then the store must look like the model.</summary>
    private async Task CompareWithModelAsync(Step[][] batches)
    {
        await DisposeAsync();
        await InitializeAsync();
        var model = new StoreModel(await Store.Epochs.ReadEpochsAsync());
        foreach (var (round, batch) in batches.Index())
        {
            Faults.LostAnswers = round % 3;
            var sent = new List<(Step Step, WriteAnswer Expected, Task<WriteAnswer> Answer)>();
            foreach (var step in batch)
            {
                var write = model.Next(step);
                sent.Add((step, model.Apply(write), Store.Debtors.WriteAsync(write).AsTask()));
            }

            foreach (var (step, expected, answer) in sent) Assert.Equal((step, expected), (step, await answer with { EventSeq = 0 }));
            model.Epochs = await Store.Epochs.AdvanceEpochAsync(EpochKind.Policy);
            if (round % 4 == 3) await ReopenAsync();
        }

        await CompareRowsAsync(model);
    }

    private async Task CompareRowsAsync(StoreModel model)
    {
        foreach (var (key, write) in model.Rows)
        {
            var row = await Store.Debtors.ReadAsync(key);
            Assert.Equal((write.WriteId, write.ExpectedVersion + 1, write.Lane, write.DueAt), (row!.WriteId, row.Version, row.Lane, row.DueAt));
            Assert.True(row.State.Span.SequenceEqual(write.State.Span));
        }

        var log = await Store.Events.ReadEventsAsync(0, 10_000);
        Assert.Equal(model.Log.Select(each => (each.Key.Text, each.Version)).Order(), log.Select(row => (row.Key.Text, row.Version)).Order());
        Assert.Equal(model.Rows.Count, (await Store.Debtors.ReadTallyAsync()).AccountsIn);
        Assert.Equal(model.Rows.Count, (await Store.Debtors.ReadTallyAsync()).Debtors.Values.Sum());
        var due = await Store.Due.CountDueAsync(long.MaxValue);
        Assert.Equal(model.Rows.Values.Count(write => write.DueAt is not null), due.Sum(lane => lane.Count));
    }
}
