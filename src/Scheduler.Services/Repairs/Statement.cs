using Scheduler.Protocol.Border;
using Scheduler.V1;

namespace Scheduler.Services.Repairs;

/// <summary>What an operator states: on whose word is the credential's, on what ground is asked.</summary>
internal static class Statement
{
    public static string Reason(FieldViolations violations, Actor? actor)
    {
        using var scope = violations.In("actor");
        if (actor is null || actor.Reason.Length == 0) violations.Add("reason", FieldReasons.Required, "on what ground, without personal data");
        else violations.Text("reason", actor.Reason, BorderLimits.ReferenceLength);
        return actor?.Reason ?? "";
    }
}
