namespace Scheduler.RulePacks.Linting;

/// <summary>One thing that a pack lacks or says wrongly, where, and what to do about it. Lines and columns count from 1.</summary>
/// <param name="Code">One of <see cref="LintCodes"/>.</param>
/// <param name="IsError">False for a warning: it fails nothing.</param>
public sealed record LintFinding(string File, long Line, long Column, string Code, bool IsError, string Message, string Advice)
{
    public override string ToString() => $"{File}({Line},{Column}): {(IsError ? "error" : "warning")} {Code}: {Message} {Advice}".TrimEnd();
}

/// <summary>Codes of findings, as docs/rule-packs.md lists them.</summary>
public static class LintCodes
{
    public const string Schema = "schema";
    public const string Dates = "dates";
    public const string Source = "source";
    public const string Evidence = "evidence";
    public const string Sources = "sources";
    public const string CaseUnreadable = "case-unreadable";
    public const string CaseFails = "case-fails";
    public const string CaseRepeated = "case-repeated";
    public const string BorderWindow = "border-window";
    public const string BorderClosedDay = "border-closed-day";
    public const string BorderClocks = "border-clocks";
    public const string BorderCap = "border-cap";
    public const string BorderClosing = "border-closing";
    public const string BorderConsent = "border-consent";
    public const string BorderParty = "border-party";
    public const string BorderForbid = "border-forbid";
    public const string BorderNotice = "border-notice";
    public const string BorderFresh = "border-fresh";
    public const string BorderException = "border-exception";
    public const string BorderDate = "border-date";
}
