using Scheduler.Storage.Tests.TestKit;

namespace Scheduler.Storage.Tests.Conformance;

/// <content>Scans.</content>
public abstract partial class DebtorStoreConformance
{
    [Fact]
    public async Task A_scan_gives_every_debtor_once_page_by_page_and_goes_on_where_it_ended()
    {
        var written = new List<string>();
        for (var number = 0; number < 25; number++)
        {
            var create = Write.Create($"d{number}");
            written.Add(create.Key.Text);
            await Store.Debtors.WriteAsync(create);
        }

        var found = new List<string>();
        string? position = null;
        do
        {
            var page = await Store.Debtors.ScanAsync(position, 10);
            Assert.All(page.Rows, static row => Assert.True(row is { Version: 1, State.Length: > 0 }));
            found.AddRange(page.Rows.Select(static row => row.Key.Text));
            position = page.Next;
        }
        while (position is not null);
        Assert.Equal(written.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
    }
}
