using System.Collections.Immutable;
using System.Text;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using NodaTime;
using Scheduler.Cli.Importing;
using Scheduler.V1;

namespace Scheduler.Cli.Tests.Importing;

/// <summary>Rows of the real file's form into entries, batches and rejects.</summary>
public sealed class ImportTests : IDisposable
{
    private const string Header = "ID,X1,X2,X3,X4,X5,X6,X7,X8,X9,X10,X11,X12,X13,X14,X15,X16,X17,X18,X19,X20,X21,X22,X23,Y\n";
    private const string Late = "1,20000,2,2,1,24,2,2,-1,-1,-2,-2,3913,3102,689,0,0,0,0,689,0,0,0,0,1\n";
    private const string NotLate = "2,120000,2,2,2,26,-1,2,0,0,0,2,2682,1725,2682,3272,3455,3261,0,1000,1000,1000,0,2000,1\n";
    private const string Broken = "3,20000,2,2,1,24,late,2,-1,-1,-2,-2,x,3102,689,0,0,0,0,689,0,0,0,0,1\n";

    private static readonly LocalDate Today = new(2026, 11, 21);

    private readonly string _rejects = Path.Combine(Directory.CreateTempSubdirectory("scheduler-rejects-").FullName, "rejects.csv");

    [Fact]
    public void A_late_row_becomes_an_entry_with_points_a_place_and_a_due_date()
    {
        var entry = Assert.IsType<DebtorEntry>(Map(Late).Entry);
        Assert.Equal("uci-00001", entry.DebtorId);
        Assert.Equal(20261121, entry.SourceVersion);
        var account = Assert.Single(entry.Accounts);
        Assert.Equal("uci-card-00001", account.AccountId);
        var due = new LocalDate(account.OldestDueDate.Year, account.OldestDueDate.Month, account.OldestDueDate.Day);
        Assert.InRange(Period.DaysBetween(due, Today), 31, 59);
        Assert.Contains(entry.ContactPoints.Points, point => point.Kind == PointKind.Mobile && point.Address[0] == '+');
        Assert.Contains(Assert.Single(entry.Profile.Locations).CountryCode, (string[])["CO", "US"]);
    }

    [Fact]
    public void A_row_that_is_not_late_is_left_out_unless_asked_for()
    {
        Assert.Null(Map(NotLate).Entry);
        Assert.Empty(Map(NotLate).Faults);
        var all = ImmutableDictionary<string, string>.Empty.Add("include", "all");
        Assert.Equal(AccountStage.Current, Map(NotLate, all).Entry!.Accounts[0].Stage);
    }

    [Fact]
    public void The_same_row_always_gives_the_same_entry() => Assert.Equal(Map(Late).Entry, Map(Late).Entry);

    [Fact]
    public void A_broken_row_is_rejected_with_field_and_reason()
    {
        var row = Map(Broken);
        Assert.Null(row.Entry);
        Assert.Contains(new FieldFault("keep", "'late' is not a number"), row.Faults);
        Assert.Contains(row.Faults, fault => fault is { Field: "accounts[0].balance", Reason: "'x' is not a number" });
    }

    [Fact]
    public async Task Rejects_of_the_profile_and_of_the_service_are_written_with_row_field_and_reason()
    {
        var tally = await RunAsync(Header + Late + NotLate + Broken + Late.Replace("1,20000", "4,20000", StringComparison.Ordinal), Refusing);
        Assert.Equal((4L, 1L, 0L, 3L), (tally.ReadCount, tally.FilteredCount, tally.AcceptedCount, tally.RejectedCount));
        var lines = await File.ReadAllLinesAsync(_rejects, TestContext.Current.CancellationToken);
        Assert.Equal("row,row_id,field,reason", lines[0]);
        Assert.Contains("4,3,keep,'late' is not a number", lines);
        Assert.Contains("2,1,contact_points.points[0].address,must be E.164", lines);
        Assert.Contains("5,4,contact_points.points[0].address,must be E.164", lines);
    }

    [Fact]
    public async Task A_clean_import_leaves_no_rejects_file_and_sends_bounded_batches()
    {
        var rows = string.Concat(Enumerable.Range(1, 7).Select(id => Late.Replace("1,20000", $"{id},20000", StringComparison.Ordinal)));
        List<int> sizes = [];
        var tally = await RunAsync(Header + rows, request =>
        {
            sizes.Add(request.Entries.Count);
            return Answer(request, EntryState.Accepted, null);
        });
        Assert.Equal((7L, 7L), (tally.AcceptedCount, tally.AccountCount));
        Assert.Equal([3, 3, 1], sizes);
        Assert.False(File.Exists(_rejects));
    }

    [Fact]
    public async Task Rows_of_one_debtor_become_one_entry_with_several_accounts()
    {
        const string Profile = """
            profile: pairs
            row_id: {column: ID}
            debtor: {id: {column: D}}
            accounts: [{id: {column: ID}, creditor: bank, currency: COP, balance: "1"}]
            """;
        List<DebtorEntry> sent = [];
        var tally = await RunAsync("ID,D\n1,a\n2,a\n3,b\n", request =>
        {
            sent.AddRange(request.Entries);
            return Answer(request, EntryState.Accepted, null);
        }, Load(Profile));
        Assert.Equal([2, 1], sent.Select(entry => entry.Accounts.Count));
        Assert.Equal((2L, 1L, 3L), (tally.AcceptedCount, tally.JoinedCount, tally.AccountCount));
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_rejects)!, recursive: true);

    private static EnqueueAccountsResponse Refusing(EnqueueAccountsRequest request)
    {
        var violation = new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = "contact_points.points[0].address", Description = "must be E.164" } } };
        return Answer(request, EntryState.Rejected, new Google.Rpc.Status { Code = 3, Message = "bad input", Details = { Any.Pack(violation) } });
    }

    private static EnqueueAccountsResponse Answer(EnqueueAccountsRequest request, EntryState state, Google.Rpc.Status? status)
    {
        var response = new EnqueueAccountsResponse();
        for (var i = 0; i < request.Entries.Count; i++) response.Results.Add(new EntryResult { EntryIndex = i, State = state, Status = status });
        return response;
    }

    private static MappingProfile Load(string yaml)
    {
        using var reader = new StringReader(yaml);
        return ProfileLoader.Load(reader, out _)!;
    }

    private static MappedRow Map(string row, ImmutableDictionary<string, string>? options = null)
    {
        using var file = new PortfolioFile(new MemoryStream(Encoding.UTF8.GetBytes(Header + row)));
        var mapper = new EntryMapper(new MappingScope(ImportCommand.LoadProfile("uci-credit-card"), file.Header, Today, options ?? ImmutableDictionary<string, string>.Empty));
        Assert.True(file.TryRead(out var fields));
        return mapper.Map(file.RowNumber, fields);
    }

    private async Task<ImportTally> RunAsync(string text, Func<EnqueueAccountsRequest, EnqueueAccountsResponse> service, MappingProfile? profile = null)
    {
        using var file = new PortfolioFile(new MemoryStream(Encoding.UTF8.GetBytes(text)));
        await using var rejects = new RejectsFile(_rejects);
        var run = new ImportRun(new("demo", 3, 2, ValidateOnly: false), (request, _) => Task.FromResult(service(request)), rejects);
        var mapper = new EntryMapper(new MappingScope(profile ?? ImportCommand.LoadProfile("uci-credit-card"), file.Header, Today, ImmutableDictionary<string, string>.Empty));
        return await run.RunAsync(file, mapper, _ => { }, TestContext.Current.CancellationToken);
    }
}
