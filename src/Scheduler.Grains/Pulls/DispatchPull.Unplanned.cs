using Google.Protobuf;
using Scheduler.Grains.Debtors;
using Scheduler.Grains.Rules;
using Scheduler.Protocol.Mapping;
using Scheduler.Storage;
using RowKey = Scheduler.Storage.DebtorKey;

namespace Scheduler.Grains.Pulls;

/// <content>A contact that nobody planned is a pull of one known debtor.</content>
public sealed partial class DispatchPull
{
    public async Task<AuthorizeAnswer> AuthorizeAsync(
        string key, V1.AuthorizeContactRequest request, DateTimeOffset deadline, CancellationToken cancellationToken)
    {
        if (drain.IsDraining && !request.DryRun) return AuthorizeAnswer.Wrong(new Fault("DRAINING", "The service drains: nothing new is leased here."));
        if (!request.DryRun)
        {
            var gateway = request.Gateway;
            var pull = new PullRow(
                gateway.GatewayId, AuthorizeMap.PullPrefix + request.RequestId, gateway.InstanceId, clock.Now().ToUnixTimeMilliseconds(), [RowKey.Parse(key)]);
            // A repeat finds the row of the first; the debtor itself knows what became of the request.
            await store.Pulls.AddPullAsync(pull, cancellationToken);
        }

        return await grains.GetGrain<IDebtorGrain>(key).Authorize(new AuthorizeRequest(request.ToByteArray(), transport.Translate(deadline, clock)));
    }
}
