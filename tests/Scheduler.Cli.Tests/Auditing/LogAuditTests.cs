using System.Security.Cryptography;
using Google.Protobuf;
using Scheduler.Cli.Auditing;
using Scheduler.V1;

namespace Scheduler.Cli.Tests.Auditing;

/// <summary>Whatever is changed in a log that was whole is told.</summary>
public sealed class LogAuditTests
{
    private readonly WrittenLog _log = new();

    [Fact]
    public void A_log_that_nobody_changed_is_clean()
    {
        var report = _log.Audit(_log.PublicKey);

        Assert.True(report.IsClean, AuditText.Json(report));
        Assert.Equal((6, 12, 3, 2, 2, 3), (report.Log.RecordCount, report.Log.EventCount, report.Log.DebtorCount, report.RootCount, report.RecomputedRoots, report.HeadCount));
        Assert.True(report.HasOwnKey);
    }

    [Fact]
    public void Records_written_after_the_heads_were_read_are_no_fault()
    {
        _log.Heads.LogCursor = 5;
        var head = _log.Heads.Heads.Single(static h => h.DebtorId == "ana");
        (head.ChainHash, head.EventCount) = (_log.Records[2].ChainHash, 4);

        Assert.Empty(Kinds());
    }

    [Fact]
    public void A_flipped_byte_of_a_stored_batch_breaks_the_chain_at_its_record()
    {
        var bytes = _log.Records[2].Batch.ToByteArray();
        bytes[^1] ^= 1;
        _log.Records[2].Batch = ByteString.CopyFrom(bytes);

        var finding = Assert.Single(_log.Audit().Findings, static f => f.Kind == "chain_broken");
        Assert.Equal(("ana", 3), (finding.DebtorId, finding.Cursor));
    }

    [Fact]
    public void A_batch_that_is_garbage_is_told_and_the_rest_is_still_read()
    {
        _log.Records[1].Batch = ByteString.CopyFrom([0x08, 0xFF, 0xFF]);

        var report = _log.Audit();
        Assert.Contains(report.Findings, static f => f is { Kind: "unreadable", Cursor: 2 });
        Assert.Equal(6, report.Log.RecordCount);
    }

    [Fact]
    public void A_dropped_record_breaks_the_chain_after_it_and_the_root_of_its_day()
    {
        _log.Records.RemoveAt(0);

        AllAreTold("chain_broken", "root_mismatch");
    }

    [Fact]
    public void Two_records_that_changed_places_are_told()
    {
        (_log.Records[0].DebtorId, _log.Records[1].DebtorId) = (_log.Records[1].DebtorId, _log.Records[0].DebtorId);
        (_log.Records[0].Batch, _log.Records[1].Batch) = (_log.Records[1].Batch, _log.Records[0].Batch);
        (_log.Records[0].ChainHash, _log.Records[1].ChainHash) = (_log.Records[1].ChainHash, _log.Records[0].ChainHash);

        // Each debtor's chain still follows: only the day's root knows the order.
        Assert.Equal("root_mismatch", Assert.Single(Kinds()));
    }

    [Fact]
    public void The_newest_records_cut_off_are_missed_by_the_state_and_by_the_root()
    {
        _log.Records.RemoveRange(4, 2);

        AllAreTold("head_not_in_log", "root_mismatch");
    }

    [Fact]
    public void The_newest_records_cut_off_together_with_their_states_are_missed_by_the_root()
    {
        _log.Records.RemoveRange(4, 2);
        foreach (var head in _log.Heads.Heads)
        {
            if (_log.Records.LastOrDefault(r => r.DebtorId == head.DebtorId) is { } last) (head.ChainHash, head.EventCount) = (last.ChainHash, head.DebtorId == "eva" ? 2 : head.EventCount);
        }

        Assert.Equal("root_mismatch", Assert.Single(Kinds()));
    }

    [Fact]
    public void A_changed_head_of_a_state_is_told()
    {
        _log.Heads.Heads[0].ChainHash = ByteString.CopyFrom(new byte[32]);
        Assert.Equal("head_not_in_log", Assert.Single(Kinds()));
    }

    [Fact]
    public void A_state_set_back_to_an_older_head_is_told()
    {
        var head = _log.Heads.Heads.Single(static h => h.DebtorId == "ana");
        (head.ChainHash, head.EventCount) = (_log.Records[0].ChainHash, 2);
        AllAreTold("state_behind");
    }

    [Fact]
    public void A_debtor_whose_row_is_gone_is_told()
    {
        _log.Heads.Heads.RemoveAt(0);
        Assert.Equal("state_missing", Assert.Single(Kinds()));
    }

    [Fact]
    public void A_root_that_was_changed_or_signed_by_another_key_is_told()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal(["root_signature"], _log.Audit(other.ExportSubjectPublicKeyInfoPem()).Findings.Select(static f => f.Kind).Distinct());
        _log.Roots.Roots[1].RecordCount--;
        AllAreTold("root_signature", "root_mismatch");
    }

    [Fact]
    public void Roots_from_before_the_signing_key_was_replaced_verify_under_the_older_key()
    {
        var older = _log.PublicKey;
        _log.ReplaceKey();

        Assert.True(_log.Audit(older, _log.PublicKey).IsClean);
        Assert.True(_log.Audit($"the present one\n{_log.PublicKey}\nuntil March\n{older}\n").IsClean);
        Assert.Equal("root_signature", Assert.Single(_log.Audit(_log.PublicKey).Findings).Kind);
        Assert.Equal("root_signature", Assert.Single(_log.Audit(older).Findings).Kind);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    public void A_text_without_a_public_key_is_no_key(string text) => Assert.Throws<FormatException>(() => _log.Audit(_log.PublicKey, text));

    [Fact]
    public void A_root_that_is_gone_is_told_by_the_next_one()
    {
        _log.Roots.Roots.RemoveAt(0);
        Assert.Equal("root_chain", Assert.Single(Kinds()));
    }

    private void AllAreTold(params string[] kinds)
    {
        var told = Kinds();
        Assert.All(kinds, kind => Assert.Contains(kind, told));
    }

    private HashSet<string> Kinds() => [.. _log.Audit().Findings.Select(static f => f.Kind)];
}
