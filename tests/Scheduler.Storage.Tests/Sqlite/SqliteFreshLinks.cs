using System.Globalization;
using Microsoft.Data.Sqlite;
using Scheduler.Storage.Sqlite;
using Scheduler.Storage.Sqlite.Commits;
using Scheduler.Storage.Sqlite.Connections;
using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Sqlite;

/// <summary>Links of addresses gather and go over to the large table in runs of like keys, one bucket after the other.</summary>
public sealed class SqliteFreshLinks : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ManualClock clock = new();

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 28)];

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Links_gather_up_to_the_limit_and_then_a_bucket_goes_over_at_a_time()
    {
        await using var store = Open(limit: 4);
        foreach (var (debtor, key) in new[] { ("a", "22"), ("b", "11"), ("c", "22"), ("d", "11") }) await LinkAsync(store, debtor, key);
        Assert.Equal((0, 4), Rows());

        await LinkAsync(store, "e", "33");
        Assert.Equal((2, 3), Rows());
        Assert.Equal("11 11", Settled());

        foreach (var debtor in (string[])["f", "g"]) await LinkAsync(store, debtor, "11");
        Assert.Equal((4, 3), Rows());
        Assert.Equal("11 11 22 22", Settled());

        foreach (var debtor in (string[])["h", "i"]) await LinkAsync(store, debtor, "11");
        Assert.Equal((5, 4), Rows());
        Assert.Equal(["b", "d", "f", "g", "h", "i"], await FindAsync(store, "11"));
        Assert.Equal(["a", "c"], await FindAsync(store, "22"));
        Assert.Equal(["e"], await FindAsync(store, "33"));
    }

    [Fact]
    public async Task What_has_gone_over_leaves_the_disk_from_the_front()
    {
        await using var store = Open(limit: 0);
        await CommitAsync(store, Write.Create("a") with { AddedLinks = [Link("11"), Link("99"), Link("11ff")] });
        Assert.Equal("1", Scalar("select count(*) from fresh_links"));
        await CommitAsync(store, Write.Create("b"));
        Assert.Equal((3, 0), Rows());
        Assert.Equal("0", Scalar("select count(*) from fresh_links"));
    }

    [Fact]
    public async Task A_move_is_bounded_and_an_address_that_many_share_goes_over_in_parts()
    {
        await using (var roomy = Open(limit: 10_000))
            await Task.WhenAll(Enumerable.Range(0, 3_000).Select(i => LinkAsync(roomy, $"d{i}", "11")));

        await using var store = Open(limit: 2_500);
        await LinkAsync(store, "x", "99");
        Assert.Equal((2_048, 953), Rows());
        Assert.Equal(3_000, (await FindAsync(store, "11")).Length);
    }

    [Fact]
    public async Task After_a_restart_the_bucket_whose_turn_it_was_goes_first()
    {
        await using (var before = Open(limit: 2))
            foreach (var (debtor, key) in new[] { ("a", "11"), ("b", "22"), ("c", "11") }) await LinkAsync(before, debtor, key);

        Assert.Equal("11", Settled());
        await using var after = Open(limit: 2);
        await LinkAsync(after, "d", "33");
        Assert.Equal("11 22", Settled());
    }

    /// <summary>All that changes a bucket means that links are looked for in the wrong table.</summary>
    [Fact]
    public void A_bucket_is_a_format_on_the_disk()
    {
        Assert.Equal(0xa7, FreshLinks.BucketOf("a7ff"));
        Assert.Equal(0x0f, FreshLinks.BucketOf("0f"));
        Assert.Equal(0x30, FreshLinks.BucketOf("3"));
        Assert.Equal(0x2a, FreshLinks.BucketOf("\u00e9\u00e1"));
    }

    [Fact]
    public async Task A_key_that_does_not_stand_on_a_line_goes_to_the_large_table_at_once()
    {
        await using var store = Open(limit: 100);
        await LinkAsync(store, "a", "1\n2");
        await LinkAsync(store, "b", "");
        Assert.Equal((2, 0), Rows());
        Assert.Equal(["a"], await FindAsync(store, "1\n2"));
        Assert.Equal(WriteAnswerKind.Poisoned, (await store.Debtors.WriteAsync(Write.Create("c") with { AddedLinks = [Link("1\02")] })).Kind);
    }

    [Fact]
    public async Task What_had_gathered_under_the_former_schema_is_found()
    {
        await using (Open(limit: 100))
        {
            // Creates the database.
        }

        Scalar("drop table fresh_links; drop table fresh_links_moved; pragma user_version = 5; "
            + "create table fresh_address_links (place integer primary key, tenant text not null, key text not null, id text not null) strict; "
            + "insert into fresh_address_links values (7, 'acme', '11', 'acme/a'), (1099511627776, 'acme', '11', 'acme/b'), (3, 'acme', 'é', 'acme/a'), (4, 'acme', '', 'acme/a'); select 1");
        await using var store = Open(limit: 100);
        Assert.Equal((2, 2), Rows());
        Assert.Equal(["a", "b"], await FindAsync(store, "11"));
        Assert.Equal(["a"], await FindAsync(store, "é"));
        await LinkAsync(store, "c", "11");
        Assert.Equal(["a", "b", "c"], await FindAsync(store, "11"));
    }

    [Fact]
    public async Task A_link_is_found_once_and_removed_wherever_it_stands()
    {
        await using var store = Open(limit: 1);
        await LinkAsync(store, "a", "11");
        await LinkAsync(store, "b", "11");
        Assert.Equal((1, 1), Rows());

        // The debtor has it already, in the large table and then in the small one: another write adds it once more.
        await CommitAsync(store, Write.Update("a", 1) with { AddedLinks = [Link("11"), Link("22")] });
        await CommitAsync(store, Write.Update("a", 2) with { AddedLinks = [Link("22")] });
        Assert.Equal((2, 1), Rows());
        Assert.Equal(["a", "b"], await FindAsync(store, "11"));
        Assert.Equal(["a", "b", "a"], (await store.Debtors.ListLinksAsync("acme", LinkKind.AddressDigest, null, 10)).Select(row => row.Debtor.Debtor));

        await CommitAsync(store, Write.Update("a", 3) with { RemovedLinks = [Link("11"), Link("22")] });
        Assert.Equal((1, 0), Rows());
        Assert.Empty(await FindAsync(store, "22"));
        Assert.Equal(["b"], await FindAsync(store, "11"));
    }

    [Fact]
    public async Task What_is_removed_before_it_went_over_is_gone_from_the_disk_too()
    {
        await using (var store = Open(limit: 100))
        {
            await CommitAsync(store, Write.Create("a") with { AddedLinks = [Link("44"), Link("55"), Link("66")] });
            await CommitAsync(store, Write.Update("a", 1) with { AddedLinks = [Link("77")], RemovedLinks = [Link("55"), Link("77")] });
            Assert.Equal((0, 2), Rows());
            Assert.Equal("44 66", Scalar("select group_concat(replace(keys, char(10), ' '), '|') from fresh_links"));
        }

        await using var reopened = Open(limit: 0);
        await CommitAsync(reopened, Write.Update("a", 2) with { RemovedLinks = [Link("44")] });
        Assert.Equal((1, 0), Rows());
        Assert.Equal("66", Settled());
        Assert.Equal("0", Scalar("select count(*) from fresh_links"));
    }

    [Fact]
    public async Task Of_an_erased_debtor_no_digest_stays_on_the_disk()
    {
        await using var store = Open(limit: 2);
        await CommitAsync(store, Write.Create("a") with { AddedLinks = [Link("11"), Link("99")] });
        await LinkAsync(store, "b", "88");
        Assert.Equal((1, 2), Rows());

        await CommitAsync(store, Write.Update("a", 1) with { RemovedLinks = [Link("11"), Link("99")], Tally = default(DebtorTally) with { Phase = (int)Domain.Debtors.DebtorPhase.Erased } });
        Assert.Equal("b", Scalar("select group_concat(substr(id, 6)) from fresh_links"));
        Assert.Equal("0", Scalar("select count(*) from links"));
        Assert.Equal(["b"], await FindAsync(store, "88"));
    }

    [Fact]
    public void A_group_that_is_rolled_back_leaves_everything_as_it_was()
    {
        using var session = OpenWriter();
        var fresh = new FreshLinks(2);
        Group(session, fresh, () => Add(session, fresh, "a", "11"), () => Add(session, fresh, "b", "22"));
        for (var i = 0; i < 3; i++)
        {
            Begin(session, fresh);
            Add(session, fresh, "p", "33");
            fresh.Remove(session, Write.Key("b"), "22");
            Add(session, fresh, "q", "44");
            fresh.Settle(session);
            session["Writer/Rollback"].Run();
            fresh.RollBack(isUndone: true);
        }

        Assert.Equal((0, 2), Rows());
        Group(session, fresh, () => Add(session, fresh, "c", "55"));
        Assert.Equal((1, 2), Rows());
        Assert.Equal("11", Settled());
        Assert.Equal(["22:b", "55:c"], Held(session, fresh));
    }

    [Theory]
    [InlineData(true, "22:b 33:c", "11")]
    [InlineData(false, "11:a 22:b", "")]
    public void Where_nobody_knows_whether_a_group_was_committed_what_stands_there_is_read(bool isCommitted, string held, string settled)
    {
        using var session = OpenWriter();
        var fresh = new FreshLinks(2);
        Group(session, fresh, () => Add(session, fresh, "a", "11"), () => Add(session, fresh, "b", "22"));
        Begin(session, fresh);
        Add(session, fresh, "c", "33");
        fresh.Settle(session);
        session[isCommitted ? "Writer/Commit" : "Writer/Rollback"].Run();
        fresh.RollBack(isUndone: false);
        Group(session, fresh);

        Assert.Equal(held, string.Join(' ', Held(session, fresh)));
        Assert.Equal(settled, Settled());
    }

    [Fact]
    public void A_removed_link_does_not_go_over_with_its_bucket()
    {
        using var session = OpenWriter();
        var fresh = new FreshLinks(2);
        Group(session, fresh, () => Add(session, fresh, "a", "11"), () => Add(session, fresh, "b", "11"), () => Add(session, fresh, "c", "11"));
        Group(session, fresh, () => fresh.Remove(session, Write.Key("b"), "11"), () => Add(session, fresh, "d", "22"), () => Add(session, fresh, "e", "22"));

        Assert.Equal("acme/a acme/c", Scalar("select group_concat(id, ' ') from links"));
        Assert.Equal(["22:d", "22:e"], Held(session, fresh));
        Assert.Equal((2, 2), Rows());
    }

    [Fact]
    public async Task What_gathered_before_a_restart_is_counted_after_it()
    {
        await using (var before = Open(limit: 3))
            for (var i = 0; i < 3; i++) await LinkAsync(before, $"d{i}", "11");

        await using var after = Open(limit: 3);
        Assert.Equal(["d0", "d1", "d2"], await FindAsync(after, "11"));
        await LinkAsync(after, "e", "11");
        Assert.Equal((3, 1), Rows());
        Assert.Equal(["d0", "d1", "d2", "e"], await FindAsync(after, "11"));
    }

    [Fact]
    public async Task Addresses_are_listed_in_order_from_both_tables_page_by_page()
    {
        await using var store = Open(limit: 3);
        string[] keys = ["70", "10", "50", "30", "20", "60", "40"];
        foreach (var key in keys) await LinkAsync(store, "d" + key, key);
        Assert.InRange(Rows().Fresh, 1, 3);

        var listed = new List<string>();
        LinkRow? after = null;
        do
        {
            var page = await store.Debtors.ListLinksAsync("acme", LinkKind.AddressDigest, after, 2);
            listed.AddRange(page.Select(static row => row.Key));
            after = page.Count < 2 ? null : page[^1];
        }
        while (after is not null);

        Assert.Equal(keys.Order(StringComparer.Ordinal), listed);
    }

    [Fact]
    public async Task A_link_is_found_while_it_goes_over()
    {
        await using var store = Open(limit: 0);
        var writes = Task.Run(async () =>
        {
            for (var i = 0; i < 300; i++) await LinkAsync(store, $"d{i:000}", "11");
        });
        var found = 0;
        while (!writes.IsCompleted)
        {
            var now = await FindAsync(store, "11");
            Assert.InRange(now.Length, found, 300);
            Assert.Equal(Enumerable.Range(0, now.Length).Select(static i => $"d{i:000}"), now);
            found = now.Length;
        }

        await writes;
        Assert.Equal(300, (await FindAsync(store, "11")).Length);
    }

    /// <summary>Whatever is added and removed in whatever order, with any limit and restarts between: found is what a set of pairs says.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Found_is_what_was_added_and_not_removed(int seed)
    {
        var random = new Random(seed);
        await RunAsync([.. Enumerable.Range(0, 60).Select(_ => (random.Next(12), random.Next(4), random.Next(3) > 0))], limit: seed % 7);
    }

    private async Task RunAsync((int Key, int Debtor, bool Adds)[] steps, int limit)
    {
        var store = Open(limit);
        var model = new HashSet<(string Key, string Debtor)>();
        var versions = new long[4];

        // Another tenant's debtor has every address all along, and an account that is named as one.
        await CommitAsync(store, Write.Create("z") with
        {
            Key = Write.Key("z", "other"),
            AddedLinks = [.. Enumerable.Range(0, 12).Select(KeyOf).Select(Link), new DebtorLink(LinkKind.Account, KeyOf(0))],
        });
        foreach (var (key, debtor, adds) in steps)
        {
            var link = Link(KeyOf(key));
            var name = $"d{debtor}";
            var write = versions[debtor] == 0 ? Write.Create(name) : Write.Update(name, versions[debtor]);
            await CommitAsync(store, adds ? write with { AddedLinks = [link] } : write with { RemovedLinks = [link] });
            versions[debtor]++;
            if (adds) model.Add((link.Key, name));
            else model.Remove((link.Key, name));
            if (versions[debtor] % 9 != 8) continue;
            await store.DisposeAsync();
            store = Open(limit);
        }

        await store.DisposeAsync();
        await using var last = store = Open(limit);

        for (var key = 0; key < 12; key++)
        {
            var text = KeyOf(key);
            Assert.Equal(model.Where(pair => pair.Key == text).Select(static pair => pair.Debtor).Order(StringComparer.Ordinal), await FindAsync(store, text));
            Assert.Equal(["z"], (await store.Debtors.FindLinksAsync("other", LinkKind.AddressDigest, text)).Select(static debtor => debtor.Debtor));
        }

        Assert.Equal(["z"], (await store.Debtors.FindLinksAsync("other", LinkKind.Account, KeyOf(0))).Select(static debtor => debtor.Debtor));
        Assert.Empty(await store.Debtors.FindLinksAsync("acme", LinkKind.Account, KeyOf(0)));
    }

    private static void Begin(SqliteSession session, FreshLinks fresh)
    {
        session["Writer/Begin"].Run();
        fresh.Begin(session);
    }

    private static void Group(SqliteSession session, FreshLinks fresh, params Action[] writes)
    {
        Begin(session, fresh);
        foreach (var write in writes) write();
        fresh.Settle(session);
        fresh.Commit(session);
    }

    private static void Add(SqliteSession session, FreshLinks fresh, string debtor, string key) => fresh.Add(session, Write.Key(debtor), [key], isNew: true);

    private static IEnumerable<string> Held(SqliteSession session, FreshLinks fresh) =>
        fresh.List(session, "acme").Select(static row => $"{row.Key}:{row.Debtor.Debtor}").Order(StringComparer.Ordinal);

    /// <summary>Two keys share a bucket.</summary>
    private static string KeyOf(int number) => $"{number / 2:x2}{number}";

    private static DebtorLink Link(string key) => new(LinkKind.AddressDigest, key);

    private static Task LinkAsync(SqliteStore store, string debtor, string key) => CommitAsync(store, Write.Create(debtor) with { AddedLinks = [Link(key)] });

    private static async Task CommitAsync(SqliteStore store, DebtorWrite write) => Assert.True((await store.Debtors.WriteAsync(write)).IsCommitted);

    private static async Task<string[]> FindAsync(SqliteStore store, string key) =>
        [.. (await store.Debtors.FindLinksAsync("acme", LinkKind.AddressDigest, key)).Select(static debtor => debtor.Debtor)];

    private SqliteSession OpenWriter()
    {
        var session = SqliteSession.OpenWriter(new SqliteOptions { Path = folder.File("store.db") });
        Migrator.Migrate(session);
        return session;
    }

    private SqliteStore Open(int limit) => SqliteStore.Open(new SqliteOptions { Path = folder.File("store.db"), FreshLinks = limit }, clock);

    /// <summary>Links that stand in the large table and that have gathered.</summary>
    private (long Settled, long Fresh) Rows() => (Count("links"), Count(
        "(select f.place, json_each.value as key from fresh_links f, json_each('[\"' || replace(f.keys, char(10), '\",\"') || '\"]')) g "
        + $"where not exists (select 1 from fresh_links_moved m where {BucketInSql} = m.bucket and g.place <= m.place)"));

    /// <summary>Keys here begin with two decimal digits.</summary>
    private const string BucketInSql = "16 * substr(g.key, 1, 1) + substr(g.key, 2, 1)";

    private string Settled() => Scalar("select coalesce(group_concat(key, ' '), '') from (select key from links order by key)");

    private long Count(string table) => long.Parse(Scalar($"select count(*) from {table}"), CultureInfo.InvariantCulture);

    private string Scalar(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={folder.File("store.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar()!.ToString()!;
    }
}
