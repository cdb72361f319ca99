using System.Text;
using Scheduler.Services.Tests.Kit;

namespace Scheduler.Services.Tests.WholeService;

/// <summary>Who has the files and not the master key reads no address, no variable, no reference to evidence.</summary>
public sealed class StolenDatabaseTests
{
    [Fact]
    public async Task A_database_file_without_the_key_shows_nothing_personal()
    {
        await using var host = await WholeHost.StartAsync();
        var entry = WholeHost.Reachable("d1");
        entry.Accounts[0].Variables["nickname"] = "Zaphodelia";
        entry.Profile.Locations[0].PostalCode = "110911-X";
        entry.Consents[0].EvidenceRef = "recording-4711";
        await host.Ingest.EnqueueAccountsAsync(new V1.EnqueueAccountsRequest { TenantId = WholeHost.Tenant, Entries = { entry } }, Told.Developer);
        var pulled = await host.Dispatches.PullDispatchesAsync(WholeHost.Pull("pull-1"), Told.Developer);

        var dispatch = Assert.Single(pulled.Dispatches);
        Assert.Equal("+573001234567", dispatch.Address);
        Assert.Equal("Zaphodelia", dispatch.Content.Variables["nickname"]);
        var held = await host.FilesAsync();
        Assert.NotEqual(-1, held.AsSpan().IndexOf("account-of-d1"u8));
        foreach (var secret in new[] { "3001234567", "Zaphodelia", "110911-X", "recording-4711" })
        {
            Assert.True(held.AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)) < 0, secret + " stands in the files");
        }
    }
}
