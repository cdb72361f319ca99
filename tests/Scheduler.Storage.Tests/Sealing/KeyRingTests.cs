using Scheduler.Storage.Sealing;
using Scheduler.Storage.Sqlite;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Sealing;

public sealed class KeyRingTests : IDisposable
{
    private static readonly DebtorKey Ana = new("bank", "ana");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_data_key_is_opened_by_the_ring_that_wrapped_it_and_for_its_own_debtor_alone()
    {
        var ring = Ring(1);
        var dataKey = Key(9);
        var wrapped = ring.Wrap(dataKey, Ana);

        Assert.Equal(dataKey, ring.Unwrap(wrapped, Ana));
        Assert.Equal(-1, wrapped.AsSpan().IndexOf(dataKey));
        Assert.Throws<SealException>(() => ring.Unwrap(wrapped, new DebtorKey("bank", "eva")));
        Assert.Throws<SealException>(() => new KeyRing([new MasterKey(1, Key(77))]).Unwrap(wrapped, Ana));
        wrapped[^1] ^= 1;
        Assert.Throws<SealException>(() => ring.Unwrap(wrapped, Ana));
    }

    [Fact]
    public void After_a_rotation_the_new_key_wraps_and_the_old_one_still_opens()
    {
        var old = Ring(1).Wrap(Key(9), Ana);
        var rotated = Ring(1, 2);
        var young = rotated.Wrap(Key(9), Ana);

        Assert.Equal(2, rotated.Newest);
        Assert.Equal(2, KeyRing.VersionOf(young));
        Assert.Equal(Key(9), rotated.Unwrap(old, Ana));
        Assert.Throws<SealException>(() => Ring(1).Unwrap(young, Ana));
    }

    [Fact]
    public void Digests_differ_by_tenant_and_purpose_and_outlive_a_rotation()
    {
        var digest = Ring(1).DigestAddress("bank", "+573001234567");

        Assert.Equal(32, digest.Length);
        Assert.Equal(digest, Ring(1, 2).DigestAddress("bank", "+573001234567"));
        Assert.NotEqual(digest, Ring(1).DigestAddress("shop", "+573001234567"));
        Assert.NotEqual(digest, Ring(1).DigestSuppressed("bank", "+573001234567"));
        Assert.NotEqual(digest, Ring(2).DigestAddress("bank", "+573001234567"));
    }

    [Fact]
    public void A_key_file_is_made_for_its_owner_alone_and_never_over_another()
    {
        var path = Path.Combine(folder.Path, "keys", "master.key");
        var digest = MasterKeyFile.Create(path).DigestAddress("bank", "x");

        Assert.Equal(digest, MasterKeyFile.Read(path).DigestAddress("bank", "x"));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Throws<KeyFileException>(() => MasterKeyFile.Create(path));
    }

    [Theory]
    [InlineData("", "holds no key")]
    [InlineData("# only a remark", "holds no key")]
    [InlineData("1 short", "line 1")]
    [InlineData("0 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "line 1")]
    [InlineData("1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n1 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "twice")]
    public void A_key_file_that_is_wrong_is_told_with_its_line_and_without_its_content(string text, string told)
    {
        var path = Path.Combine(folder.Path, "master.key");
        File.WriteAllText(path, text);

        var refusal = Assert.Throws<KeyFileException>(() => MasterKeyFile.Read(path));
        Assert.Contains(told, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("AAAA", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_knows_the_keys_it_was_sealed_with()
    {
        await using var store = SqliteStore.Open(new SqliteOptions { Path = folder.File("store.db") }, new ManualClock());

        Assert.Null(await KeyCheck.RunAsync(Ring(1), store.Settings, 1));
        Assert.Null(await KeyCheck.RunAsync(Ring(1), store.Settings, 2));
        Assert.Contains("another", await KeyCheck.RunAsync(new KeyRing([new MasterKey(1, Key(77))]), store.Settings, 3), StringComparison.Ordinal);
        Assert.Contains("missing", await KeyCheck.RunAsync(Ring(2), store.Settings, 4), StringComparison.Ordinal);
        Assert.Null(await KeyCheck.RunAsync(Ring(1, 2), store.Settings, 5));
        Assert.Contains("key 2", await KeyCheck.RunAsync(Ring(1), store.Settings, 6), StringComparison.Ordinal);
    }

    private static KeyRing Ring(params int[] versions) => new([.. versions.Select(static v => new MasterKey(v, Key((byte)v)))]);

    private static byte[] Key(byte fill)
    {
        var key = new byte[MasterKey.Bytes];
        Array.Fill(key, fill);
        return key;
    }
}
