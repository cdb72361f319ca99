using Scheduler.Domain.Debtors;
using Scheduler.Storage.Sealing;

namespace Scheduler.Storage;

/// <summary>Addresses as the index knows them: keyed, so that the index alone tells nobody who lives where.</summary>
public interface IAddressDigests
{
    /// <summary>The same for every way of writing an address, another for every tenant. Never written to a log.</summary>
    string Of(string tenant, string address);
}

/// <summary>Digests under the installation's keys.</summary>
public sealed class AddressDigests(KeyRing keys) : IAddressDigests
{
    public string Of(string tenant, string address) => keys.DigestAddress(tenant, AddressForm.Of(address));
}
