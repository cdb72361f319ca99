using System.Security.Cryptography;
using System.Text;

namespace Scheduler.Storage.Tests.TestKit;

/// <summary>Builds writes whose defaults are legal and boring.</summary>
internal static class Write
{
    private static int lastWriteId;

    public static DebtorKey Key(string debtor, string tenant = "acme") => new(tenant, debtor);

    public static Guid NextId() => new(Interlocked.Increment(ref lastWriteId), 0, 0, new byte[8]);

    public static DebtorWrite Create(string debtor) => new()
    {
        Key = Key(debtor),
        WriteId = NextId(),
        State = Bytes("state 1"),
        Event = Event("event 1"),
        Tally = new DebtorTally(Phase: 1, AccountsIn: 1, Waiting: 1, Leased: 0, Refused: 0, Finished: 0),
    };

    public static DebtorWrite Update(string debtor, long version, long prevEventSeq = 0) => Create(debtor) with
    {
        ExpectedVersion = version,
        PrevEventSeq = prevEventSeq,
        State = Bytes($"state {version + 1}"),
        Event = Event($"event {version + 1}"),
        TallyBefore = Create(debtor).Tally,
    };

    public static DebtorEvent Event(string payload) => new(Bytes(payload), SHA256.HashData(Encoding.UTF8.GetBytes(payload)), RecordedAt: 1_000);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
