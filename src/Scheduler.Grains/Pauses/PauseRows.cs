using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using NodaTime;
using Scheduler.Domain.Debtors;
using Scheduler.Domain.Pauses;
using Scheduler.Storage;
using Stored = Scheduler.Storage.V1;

namespace Scheduler.Grains.Pauses;

/// <summary>One version of a pause's row.</summary>
/// <param name="Row">Version of the row.</param>
/// <param name="IsEnded">Somebody ended it before its time.</param>
/// <param name="IsByFault">A gateway's report set it.</param>
/// <param name="Epoch">Policy epoch that it is fenced by; 0: none.</param>
/// <param name="ChangedAt">When this version was written.</param>
public sealed record RecordedPause(Pause Pause, long Row, bool IsEnded, bool IsByFault, long Epoch, string Actor, string Reason, Instant ChangedAt)
{
    public bool IsInForce(Instant at) => !IsEnded && Pause.IsInForce(at);
}

/// <summary>The settings rows of pauses: their keys, and their values both ways.</summary>
internal static class PauseRows
{
    public const string Prefix = "pause/";

    private const string OperatorPrefix = "op-";
    private const string FaultPrefix = "fault-";
    private const int IdBytes = 8;

    /// <summary>The same scope has the same id, so the rows are as many as the scopes ever stopped.</summary>
    public static string IdOf(PauseScope scope, bool isByFault)
    {
        var text = string.Join('\n', scope.Tenant, (int)scope.Channel, scope.StrategyId, scope.Template, scope.GatewayId, scope.SenderId);
        return (isByFault ? FaultPrefix : OperatorPrefix) + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, IdBytes));
    }

    public static RecordedPause Read(SettingRow row)
    {
        var stored = Stored.PauseRow.Parser.ParseFrom(row.Value.Span);
        var scope = new PauseScope
        {
            Tenant = stored.Tenant,
            Channel = (ContactChannel)stored.Channel,
            StrategyId = stored.StrategyId,
            Template = stored.Template,
            GatewayId = stored.GatewayId,
            SenderId = stored.SenderId,
        };
        var end = stored.EndAt == 0 ? (Instant?)null : Instant.FromUnixTimeMilliseconds(stored.EndAt);
        var pause = new Pause(row.Key[Prefix.Length..], scope, Instant.FromUnixTimeMilliseconds(stored.StartAt), end, stored.Revokes);
        return new RecordedPause(pause, row.Version, stored.Ended, stored.ByFault, stored.Epoch, row.Actor, row.Reason, Instant.FromUnixTimeMilliseconds(row.At));
    }

    public static SettingWrite Write(RecordedPause next)
    {
        var (pause, scope) = (next.Pause, next.Pause.Scope);
        var stored = new Stored.PauseRow
        {
            Tenant = scope.Tenant,
            Channel = (uint)scope.Channel,
            StrategyId = scope.StrategyId,
            Template = scope.Template,
            GatewayId = scope.GatewayId,
            SenderId = scope.SenderId,
            StartAt = pause.Start.ToUnixTimeMilliseconds(),
            EndAt = pause.End?.ToUnixTimeMilliseconds() ?? 0,
            Ended = next.IsEnded,
            ByFault = next.IsByFault,
            Revokes = pause.Revokes,
            Epoch = next.Epoch,
        };
        return new SettingWrite(Prefix + pause.Id, next.Row, stored.ToByteArray(), next.Actor, next.Reason, next.ChangedAt.ToUnixTimeMilliseconds());
    }
}
