using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Scheduler.Cli.Auditing;
using Scheduler.V1;

namespace Scheduler.Cli.Tests.Auditing;

/// <summary>A copy of the roots file that nobody near the database could change tells what the database alone cannot.</summary>
public sealed class RootsCopyTests
{
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    private readonly WrittenLog _log = new();

    [Fact]
    public void A_copy_whose_lines_the_service_lists_is_clean_and_says_how_fresh_it_is()
    {
        var whole = Audit(Copy(_log.Roots.Roots));
        Assert.True(whole.IsClean, AuditText.Json(whole));
        Assert.Equal((2, 0, 0, 0), (whole.Copy!.RootCount, whole.Copy.OfOthers, whole.Copy.NotCopied, whole.Copy.RecordsSince));

        var older = Audit(Copy(_log.Roots.Roots.Take(1)));
        Assert.True(older.IsClean);
        Assert.Equal((1, 1, 2), (older.Copy!.RootCount, older.Copy.NotCopied, older.Copy.RecordsSince));
        var said = Said(older);
        Assert.Contains("the newest copied is of 2026-03-03, signed 2026-03-04 00:05Z; 2 records since are proved by nothing outside the database", said, StringComparison.Ordinal);
        Assert.Contains("\"records_since\": 2", AuditText.Json(older), StringComparison.Ordinal);
    }

    [Fact]
    public void The_newest_records_heads_and_roots_cut_off_together_are_told_by_the_copy_alone()
    {
        var copy = Copy(_log.Roots.Roots);
        _log.CutOffAfter(4);

        Assert.True(_log.Audit().IsClean);
        Assert.Equal("root_missing", Assert.Single(Audit(copy).Findings).Kind);
    }

    [Fact]
    public void A_day_that_was_signed_again_over_fewer_records_is_told_by_the_copy_alone()
    {
        var copy = Copy(_log.Roots.Roots);
        _log.CutOffAfter(5);
        _log.SignAgain();

        Assert.True(_log.Audit().IsClean);
        var finding = Assert.Single(Audit(copy).Findings);
        Assert.Equal("root_altered", finding.Kind);
        Assert.Contains("in line 2 of the copy", finding.Detail, StringComparison.Ordinal);
        Assert.Contains("up_to_cursor, record_count", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_of_the_copy_that_was_changed_is_told_by_its_signature()
    {
        var changed = _log.Roots.Roots[1].Clone();
        changed.RecordCount++;

        Assert.Equal(["root_copy_signature", "root_altered"], Audit(Copy([_log.Roots.Roots[0], changed])).Findings.Select(static f => f.Kind));
    }

    [Fact]
    public void A_root_whose_signature_alone_differs_is_another_root()
    {
        var other = _log.Roots.Roots[1].Clone();
        other.SignTime = Timestamp.FromDateTimeOffset(other.SignTime.ToDateTimeOffset().AddSeconds(1));

        var finding = Assert.Single(Audit(Copy([other])).Findings);
        Assert.Equal("root_altered", finding.Kind);
        Assert.EndsWith(": sign_time", finding.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Roots_of_other_tenants_are_counted_and_not_looked_at()
    {
        var other = _log.Roots.Roots[0].Clone();
        other.TenantId = "another";

        var report = Audit(Copy([other]));
        Assert.True(report.IsClean);
        Assert.Equal((0, 1, 6), (report.Copy!.RootCount, report.Copy.OfOthers, report.Copy.RecordsSince));
        Assert.Contains("none of this tenant, 6 records are proved by nothing outside the database", Said(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"tenant_id\":\"bank\",", "line 3: is no signed root in JSON")]
    [InlineData("not json", "line 3: is no signed root in JSON")]
    [InlineData("[]", "line 3: is no signed root in JSON")]
    [InlineData("{}", "line 3: has no tenant_id")]
    [InlineData("{\"tenant_id\":\"bank\"}", "line 3: has no day")]
    [InlineData("{\"tenant_id\":\"bank\",\"day\":{\"year\":2026,\"month\":3,\"day\":3},\"sign_time\":\"2026-03-04T00:05:00Z\",\"root\":\"AAAA\"}", "line 3: has no root")]
    [InlineData("{\"tenant_id\":\"bank\",\"colour\":\"blue\"}", "line 3: is no signed root in JSON")]
    public void A_line_that_is_no_root_is_named_by_its_number(string line, string fault)
    {
        var fine = Formatter.Format(_log.Roots.Roots[0]);
        var failure = Assert.Throws<FormatException>(() => RootsCopy.Read(new StringReader($"{fine}\n\n{line}\n{fine}\n")));
        Assert.StartsWith(fault, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_day_that_no_calendar_has_is_a_malformed_line()
    {
        var root = _log.Roots.Roots[0].Clone();
        root.Day.Month = 13;
        Assert.StartsWith("line 1: ", Assert.Throws<FormatException>(() => Copy([root])).Message, StringComparison.Ordinal);
    }

    private static RootsCopy Copy(IEnumerable<DailyRoot> roots) => RootsCopy.Read(new StringReader(string.Concat(roots.Select(static root => Formatter.Format(root) + "\n"))));

    private static string Said(AuditReport report)
    {
        using var said = new StringWriter();
        AuditText.Write(said, report);
        return said.ToString();
    }

    private AuditReport Audit(RootsCopy copy) => _log.Audit(new AuditQuestion(WrittenLog.Tenant, "", []) { RootsCopy = copy });
}
