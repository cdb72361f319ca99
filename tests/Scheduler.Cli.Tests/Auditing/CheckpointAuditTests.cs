using System.Security.Cryptography;
using Google.Protobuf;
using Scheduler.Cli.Auditing;
using Scheduler.Cli.Operations;
using Scheduler.Domain.Audit;
using Scheduler.V1;

namespace Scheduler.Cli.Tests.Auditing;

/// <summary>A log with dropped records is whole under its checkpoints, and whatever is done to those is told.</summary>
public sealed class CheckpointAuditTests
{
    private readonly WrittenLog _log = new();

    [Fact]
    public void A_log_whose_old_records_were_dropped_is_clean_and_says_so()
    {
        _log.Drop("ana", 2);
        _log.Drop("eva", 1);

        var report = _log.Audit(_log.PublicKey);
        Assert.True(report.IsClean, AuditText.Json(report));
        Assert.Equal((6, 3, 2, 2), (report.Log.RecordCount, report.Log.DroppedCount, report.Log.CheckpointCount, report.RecomputedRoots));
        var said = new StringWriter();
        AuditText.Write(said, report);
        Assert.Contains("3 records dropped under 2 checkpoints", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_feed_of_the_checker_knows_dropped_records_and_the_checkpoints_in_their_place()
    {
        _log.Drop("ana", 2);
        var records = _log.Records.Select(static record => EventFeed.Read(WrittenLog.Tenant, record)).ToList();
        using var key = ECDsa.Create();
        key.ImportFromPem(_log.PublicKey);
        var checker = new ComplianceChecker(static _ => null, checkpoint => RootSignature.Verify(key, checkpoint));
        records.ForEach(checker.Take);

        var report = checker.Report();
        Assert.Empty(report.Violations);
        Assert.Equal((6, 2, 1), (report.RecordCount, report.DroppedCount, report.CheckpointCount));
        Assert.Equal(4, Assert.Single(records, static record => record.Checkpoint is not null).Checkpoint!.EventCount);
        Assert.Single(records, static record => record.IsDropped);
    }

    [Fact]
    public void A_debtor_of_whom_every_record_was_dropped_still_has_its_head_in_the_log()
    {
        _log.Drop("ana", 3);
        Assert.True(_log.Audit().IsClean);
        _log.Heads.Heads.Single(static h => h.DebtorId == "ana").EventCount--;
        Assert.Equal("state_behind", Assert.Single(Kinds()));
    }

    [Fact]
    public void A_record_that_was_emptied_without_a_checkpoint_is_told()
    {
        _log.Records[0].Batch = ByteString.Empty;

        var finding = Assert.Single(_log.Audit().Findings);
        Assert.Equal(("dropped_without_checkpoint", "ana", 1), (finding.Kind, finding.DebtorId, finding.Cursor));
    }

    [Fact]
    public void A_record_that_was_emptied_behind_a_checkpoint_is_told()
    {
        _log.Drop("ana", 2);
        _log.Records[5].Batch = ByteString.Empty;
        Assert.Equal("dropped_without_checkpoint", Assert.Single(Kinds()));
    }

    [Fact]
    public void A_checkpoint_that_was_signed_by_another_key_is_told()
    {
        var older = _log.PublicKey;
        _log.Drop("ana", 2);
        _log.ReplaceKey();

        Assert.True(_log.Audit(older, _log.PublicKey).IsClean);
        Assert.Contains("checkpoint_wrong", Kinds());
    }

    [Fact]
    public void A_checkpoint_of_another_debtor_is_told()
    {
        _log.Drop("ana", 2);
        _log.Drop("eva", 2);
        var place = _log.Records.FindLastIndex(static r => r.DebtorId == "eva");
        _log.Records[place].Batch = _log.Records[2].Batch;
        Assert.Contains("checkpoint_wrong", Kinds());
    }

    [Fact]
    public void A_dropped_row_that_was_taken_away_is_told_by_the_checkpoint_and_by_the_root()
    {
        _log.Drop("ana", 2);
        _log.Records.RemoveAt(0);
        Assert.Equal(["checkpoint_wrong", "root_mismatch"], Kinds().Order());
    }

    [Fact]
    public void What_a_checkpoint_keeps_cannot_be_changed()
    {
        _log.Drop("ana", 2);
        var batch = DebtorEventBatch.Parser.ParseFrom(_log.Records[2].Batch);
        batch.Checkpoint.Contents = new CheckpointContents { LastFence = 7 }.ToByteString();
        _log.Records[2].Batch = batch.ToByteString();
        Assert.Contains("checkpoint_wrong", Kinds());
    }

    private HashSet<string> Kinds() => [.. _log.Audit().Findings.Select(static f => f.Kind)];
}
