using System.Collections.Immutable;
using YamlDotNet.Core;

namespace Scheduler.RulePacks.Linting;

/// <summary>Gathers findings while a folder is linted.</summary>
internal sealed class LintReport
{
    private readonly List<LintFinding> _findings = [];

    public ImmutableArray<LintFinding> Findings => [.. _findings.Distinct().OrderBy(finding => finding.File, StringComparer.Ordinal).ThenBy(finding => finding.Line).ThenBy(finding => finding.Column)];

    public bool HasErrors => _findings.Exists(finding => finding.IsError);

    public void Error(string file, Mark mark, string code, string message, string advice = "") =>
        _findings.Add(new LintFinding(file, mark.Line, mark.Column, code, true, message, advice));

    public void Warning(string file, Mark mark, string code, string message, string advice = "") =>
        _findings.Add(new LintFinding(file, mark.Line, mark.Column, code, false, message, advice));

    public void Add(PackProblem problem, string code, string advice = "") =>
        _findings.Add(new LintFinding(problem.File, problem.Line, problem.Column, code, true, problem.Message, advice));
}
