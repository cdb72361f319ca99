using System.Collections.Immutable;
using Scheduler.Domain.Debtors;

namespace Scheduler.Grains.Debtors;

/// <content>Where what is said of the debtor came from.</content>
public sealed partial class DebtorGrain
{
    public async Task<SourceAnswer> FindSources(SourceQuestion question)
    {
        if (Record is null) return Absent(SourceAnswer.None(Key.Debtor));
        // Providers' ids stand in the log, which stays with the id that the contact was made under.
        if (question.ProviderContactId.Length > 0)
        {
            if (await FindDispatchAsync(question.ProviderContactId) is not { } found) return SourceAnswer.None(Key.Debtor);
            question = question with { DispatchId = found, ProviderContactId = "" };
        }

        if (Record is { State.Merge.IsDone: true })
        {
            var asked = question.Alias.Length > 0 ? question : question with { Alias = Key.Debtor };
            if (IsElsewhere(d => d.FindSources(asked), _ => SourceAnswer.None(Key.Debtor), out var elsewhere)) return await elsewhere;
        }

        // Who is stopped hangs on it: not memory alone answers.
        if (!await IsCurrentAsync(Record)) await stored.ReadStateAsync();
        if (Record is not { } record) return Absent(SourceAnswer.None(Key.Debtor));
        var (addresses, channel) = DebtorDecider.SourcesOf(
            record.State, new DispatchId(question.DispatchId), [.. question.Points.Select(static id => new PointId(id))], question.Alias);
        return new SourceAnswer(Key.Debtor, question.DispatchId, channel, addresses, PartsOf(question.DispatchId));
    }

    private ImmutableArray<string> PartsOf(string dispatch) => Record is { State.Parts.IsEmpty: false } record ? DebtorDecider.PartsOf(record.State, new DispatchId(dispatch)) : [];

    private FactAnswer WithParts(FactAnswer answer, string dispatch) =>
        PartsOf(dispatch) is { IsEmpty: false } parts ? answer with { Parts = parts, DispatchId = dispatch } : answer;
}
