using Google.Protobuf;
using Scheduler.Storage.Sealing;

namespace Scheduler.Grains.Debtors;

/// <summary>One debtor's row that no reader understands must not end a walk over all of them.</summary>
internal static class UnreadableRow
{
    /// <summary>What a row that was changed outside the service, or sealed by a key that is gone, makes of being read and decided.</summary>
    public static bool IsTold(Exception failure) =>
        failure is not ObjectDisposedException and (SealException or InvalidProtocolBufferException or ArgumentException or FormatException or OverflowException
            or InvalidOperationException or IndexOutOfRangeException or NullReferenceException or KeyNotFoundException or InvalidCastException);
}
