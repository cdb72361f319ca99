using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf;
using Scheduler.Domain.Audit;
using Scheduler.V1;

namespace Scheduler.Cli.Auditing;

/// <summary>A signed root as it stands in a copy of the roots file.</summary>
/// <param name="Line">From 1.</param>
internal sealed record CopiedRoot(int Line, DailyRoot Root);

/// <summary>An auditor's copy of the roots file: signed roots of every tenant, a JSON object a line.</summary>
internal sealed record RootsCopy(ImmutableArray<CopiedRoot> Roots)
{
    private const int LongestName = 256;

    // The parser's exceptions are IOExceptions.
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default);

    /// <exception cref="FormatException">A line is no signed root; the message names the line.</exception>
    public static RootsCopy Read(TextReader file)
    {
        var roots = ImmutableArray.CreateBuilder<CopiedRoot>();
        var line = 0;
        while (file.ReadLine() is { } text)
        {
            line++;
            if (text.AsSpan().Trim().IsEmpty) continue;
            if (!TryRead(text, out var root, out var fault)) throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"line {line}: {fault}"));
            roots.Add(new CopiedRoot(line, root));
        }

        return new RootsCopy(roots.ToImmutable());
    }

    private static bool TryRead(string text, out DailyRoot root, out string fault)
    {
        root = new DailyRoot();
        try
        {
            root = Parser.Parse<DailyRoot>(text);
            fault = Fault(root);
            if (fault.Length == 0) RootCheck.Read(root);
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException or ArgumentException or FormatException or OverflowException)
        {
            fault = $"is no signed root in JSON: {failure.Message}";
        }

        return fault.Length == 0;
    }

    /// <summary>What a root cannot be without; a JSON object of something else has none of it.</summary>
    private static string Fault(DailyRoot root) =>
        root.TenantId.Length is 0 or > LongestName ? "has no tenant_id"
        : root.Day is null ? "has no day"
        : root.SignTime is null ? "has no sign_time"
        : root.Root.Length * 2 != LogRoot.Zero.Length || root.PreviousRoot.Length * 2 != LogRoot.Zero.Length ? "has no root and previous_root of 32 bytes"
        : root.Signature.IsEmpty ? "has no signature"
        : root.AfterCursor < 0 || root.UpToCursor < root.AfterCursor || root.RecordCount < 0 ? "has cursors or a count that no root can have"
        : "";
}
