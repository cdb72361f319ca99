using System.Collections.Immutable;
using NodaTime;
using Scheduler.Domain.Policy;

namespace Scheduler.RulePacks.Cases;

/// <summary>One row in one mode, its situation built once so that it can be asked again and again.</summary>
internal sealed class ReadyCase(PackCase row, string packId, CaseSituation situation, PolicySnapshot policy)
{
    private Verdict? _held;
    private Explanation? _explained;

    public PackCase Row { get; } = row;

    /// <summary>Pack of the row's family that is in force; empty for the family's default.</summary>
    public string PackId { get; } = packId;

    public CaseSituation Situation { get; } = situation;

    /// <summary>The policy that the row speaks of.</summary>
    public PolicySnapshot Policy { get; } = situation.Asked(policy);

    /// <summary>What the row expects and the policy does not answer; empty when it holds.</summary>
    public string Problem(PolicySnapshot policy)
    {
        var verdict = PolicyEvaluator.Evaluate(Situation.Question(), Situation.Asked(policy));
        if (verdict == _held) return "";
        var problem = CaseRun.Differs(Row, verdict, Situation.Candidates.Shown, Situation.At);
        if (problem.Length == 0) _held = verdict;
        return problem;
    }

    /// <summary>What every rule says of the situation.</summary>
    public Explanation Explained => _explained ??= Explain(Situation.At);

    /// <summary>The same at another time.</summary>
    public Explanation Explain(Instant at) => PolicyEvaluator.Explain(Situation.Question() with { At = at }, Policy);

    public Verdict Evaluate(Instant at, PolicySnapshot? policy = null) => PolicyEvaluator.Evaluate(Situation.Question() with { At = at }, policy is null ? Policy : Situation.Asked(policy));
}

/// <summary>The cases of one pack folder, read once. Rows that cannot be read are problems with their line.</summary>
internal sealed class CaseBook
{
    private CaseBook(ImmutableArray<ReadyCase> cases, ImmutableArray<PackProblem> problems)
    {
        Cases = cases;
        Problems = problems;
    }

    public ImmutableArray<ReadyCase> Cases { get; }

    public ImmutableArray<PackProblem> Problems { get; }

    public static CaseBook Read(PackFolder folder, PackLibrary library) =>
        Read(folder.Cases, folder.Code, CaseModes.IdsOf(folder.Code, library), new PolicyModes(library));

    /// <param name="family">Whose modes the rows speak of.</param>
    /// <param name="ids">Packs of the family.</param>
    public static CaseBook Read(PackText? table, string family, ImmutableArray<string> ids, PolicyModes policies)
    {
        var cases = ImmutableArray.CreateBuilder<ReadyCase>();
        var problems = ImmutableArray.CreateBuilder<PackProblem>();
        var number = 0;
        foreach (var line in table?.Text.Split('\n') ?? [])
        {
            number++;
            try
            {
                if (CaseTable.ReadLine(table!.File, number, line) is not { } row) continue;
                foreach (var packId in CaseModes.Of(row, family, ids))
                {
                    var policy = policies.Of(packId);
                    var ready = new ReadyCase(row, packId, new CaseSituation(row, policy), policy);
                    ready.Problem(policy);
                    cases.Add(ready);
                }
            }
            catch (Exception broken) when (broken is FormatException or InvalidOperationException or KeyNotFoundException)
            {
                var column = line.Length - line.TrimStart().Length + 1;
                problems.Add(new PackProblem(table!.File, number, column, broken.Message));
            }
        }

        return new CaseBook(cases.ToImmutable(), problems.ToImmutable());
    }
}

/// <summary>One compiled policy for each mode that is asked for.</summary>
/// <param name="compile">By a pack's id; an empty one asks for the default of every family.</param>
internal sealed class PolicyModes(Func<string, PolicySnapshot> compile)
{
    private readonly Dictionary<string, PolicySnapshot> _compiled = [];

    public PolicyModes(PackLibrary library)
        : this(packId => library.Compile(modes: packId.Length == 0 ? null : new Dictionary<string, string> { [packId.Split('.')[0]] = packId }))
    {
    }

    public PolicySnapshot Of(string packId) => _compiled.TryGetValue(packId, out var known) ? known : _compiled[packId] = compile(packId);
}
