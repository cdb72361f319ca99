using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Conformance;

/// <summary>What one step of a random run does to its debtor.</summary>
public enum StepKind
{
    Create,
    Update,
    StaleUpdate,
    Erase,
    SendLastAgain,
    Lease,
    LeaseOfOldEpoch,
    PoisonedUpdate,
}

/// <summary>One step of a random run.</summary>
public readonly record struct Step(StepKind Kind, int Debtor)
{
    public override string ToString() => $"{Kind} d{Debtor}";
}

/// <summary>The store in a few obvious lines: what each write must be answered, and what must be there at the end.</summary>
internal sealed class StoreModel(Epochs epochs)
{
    private readonly Dictionary<DebtorKey, DebtorWrite> rows = [];
    private readonly Dictionary<DebtorKey, DebtorWrite> lastSent = [];

    public IReadOnlyDictionary<DebtorKey, DebtorWrite> Rows => rows;

    public List<(DebtorKey Key, long Version)> Log { get; } = [];

    public Epochs Epochs { get; set; } = epochs;

    /// <summary>The write that the step sends, as somebody would who knows the row as it will be by then.</summary>
    public DebtorWrite Next(Step step)
    {
        var key = Write.Key($"d{step.Debtor}");
        if (step.Kind == StepKind.SendLastAgain && lastSent.TryGetValue(key, out var again)) return again;
        var row = rows.GetValueOrDefault(key);
        var version = row is null ? 0 : row.ExpectedVersion + 1;
        var update = Write.Update(key.Debtor, version) with
        {
            Lane = step.Debtor % 2,
            DueAt = version,
            TallyBefore = row?.Tally,
            Tally = new DebtorTally((int)(version % 3), 1, 1, 0, 0, 0),
        };
        return step.Kind switch
        {
            StepKind.Create => update with { ExpectedVersion = 0, TallyBefore = null },
            StepKind.StaleUpdate => update with { ExpectedVersion = version + 5 },
            StepKind.Erase => update with { State = default, Lane = null, DueAt = null },
            StepKind.Lease => update with { RequiredEpochs = Epochs },
            StepKind.LeaseOfOldEpoch => update with { RequiredEpochs = Epochs with { Policy = Epochs.Policy - 1 } },
            StepKind.PoisonedUpdate => update with { AddedLinks = [new DebtorLink(LinkKind.Account, "a\0b")] },
            _ => update,
        };
    }

    public WriteAnswer Apply(DebtorWrite write)
    {
        lastSent[write.Key] = write;
        var row = rows.GetValueOrDefault(write.Key);
        var version = row is null ? 0 : row.ExpectedVersion + 1;
        if (row is not null && row.WriteId == write.WriteId) return new WriteAnswer(WriteAnswerKind.Committed, version);
        if (write.RequiredEpochs is { } required && required != Epochs) return new WriteAnswer(WriteAnswerKind.EpochChanged);
        if (write.ExpectedVersion != version)
            return new WriteAnswer(write.ExpectedVersion == 0 ? WriteAnswerKind.AlreadyExists : WriteAnswerKind.Conflict, version);
        if (!write.AddedLinks.IsEmpty) return new WriteAnswer(WriteAnswerKind.Poisoned);

        rows[write.Key] = write;
        Log.Add((write.Key, version + 1));
        return new WriteAnswer(WriteAnswerKind.Committed, version + 1);
    }
}
