using System.Globalization;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using static OrleansLb.Core.Pools.AllocationOutcome;

namespace OrleansLb.Core.Pools;

/// <summary>Why a pool refuses, in words that say what would help.</summary>
internal static class Refusals
{
    public static Refused NotConfigured(PoolName pool) =>
        new(Reason.PoolNotFound, $"pool '{pool}' is not configured any more; it keeps what services hold and gives out nothing new.");

    public static Refused FamilyNotInPool(AddressPool pool, IpFamily family) =>
        new(Reason.FamilyNotInPool, $"pool '{pool.Name}' has no {family} addresses; add an {family} range to it or ask for another pool.");

    public static Refused Disabled(AddressPool pool) =>
        new(Reason.PoolDisabled, $"pool '{pool.Name}' is disabled: it keeps what it gave and gives out nothing new. Enable it, or ask for another pool.");

    public static Refused Draining(AddressPool pool) =>
        new(Reason.PoolDraining, $"pool '{pool.Name}' is draining: it gives out nothing new. Ask for another pool.");

    public static Refused Exhausted(PoolBook book, IpFamily family)
    {
        var (total, count) = (PoolCount.TotalOf(book.Pool!, family), book.CountOf(family));
        return new(Reason.PoolExhausted, string.Create(CultureInfo.InvariantCulture,
            $"all {total} {family} addresses of pool '{book.Name}' are taken ({count.Held} held, {count.Reserved} reserved, {count.Quarantined} in "
                + $"quarantine); delete a service that holds one, or add a range to the pool."));
    }

    public static Refused Quota(PoolBook book, string @namespace, int limit) =>
        new(Reason.QuotaExceeded, string.Create(CultureInfo.InvariantCulture,
            $"namespace {@namespace} holds {book.HeldIn(@namespace)} addresses of pool '{book.Name}', and its quota there is {limit}; delete a service of the "
                + $"namespace that holds one, raise spec.quota of the pool, or ask for another pool."));

    public static Refused Quota(NamespaceAllowance allowance, string @namespace, int held) =>
        new(Reason.QuotaExceeded, string.Create(CultureInfo.InvariantCulture,
            $"namespace {@namespace} holds {held} addresses in all pools together, and AddressQuota '{allowance.Quota}' allows it {allowance.Limit}; delete a "
                + $"service of the namespace that holds one, or raise spec.addresses of the quota."));

    public static Refused SharingNamespaceDiffers(PoolBook book, Address address, ServiceName holder) =>
        new(Reason.SharingNamespaceDiffers, $"{address} is held by service {holder}, and pool '{book.Name}' does not let services of different namespaces "
            + $"share an address.{NextFree(book, address.Family)}");

    public static Refused NotInPool(PoolBook book, Address address) =>
        new(Reason.AddressNotInPool, $"{address} is not in pool '{book.Name}' ({string.Join(", ", book.Pool!.Ranges)}).{NextFree(book, address.Family)}");

    public static Refused Avoided(PoolBook book, Address address) =>
        new(Reason.AddressNotInPool, $"{address} ends in .0 or .255, and pool '{book.Name}' avoids such addresses (avoidBuggyIPs): it gives none of them; "
            + $"reserve it for the service by an AddressClaim, or take avoidBuggyIPs away.{NextFree(book, address.Family)}");

    public static Refused Held(PoolBook book, Address address, ServiceName holder) =>
        new(Reason.AddressHeld,
            $"{address} is held by service {holder}; to share it, both services must bear the same sharing key.{NextFree(book, address.Family)}");

    public static Refused Reserved(PoolBook book, Address address, Reservation reserved) =>
        new(Reason.AddressReserved, $"{address} is reserved for {For(reserved)}.{NextFree(book, address.Family)}");

    public static Refused Quarantined(PoolBook book, Address address, Quarantine quarantine) =>
        new(Reason.AddressQuarantined, string.Create(CultureInfo.InvariantCulture,
            $"{address} is used by another host: {quarantine.Holder} answered for it on interface {quarantine.Interface} of node {quarantine.Node}. Take the "
                + $"address from that host; it is tried again at {quarantine.Until:u}.{NextFree(book, address.Family)}"));

    public static Refused SharingKeyDiffers(AddressClaim claim, AllocationRequest request, ServiceName holder) =>
        new(Reason.SharingKeyDiffers,
            $"{claim.Address} is held by service {holder} under the sharing key '{claim.SharingKey}', and this service bears '{request.Sharing.Key}'.");

    public static Refused SharingBackendDiffers(Address address, ServiceName holder) =>
        new(Reason.SharingBackendDiffers,
            $"{address} is held by service {holder}, whose backends differ: where externalTrafficPolicy is Local, services share an address only if both are "
                + "Local with equal selectors.");

    public static Refused SharingPortTaken(Address address, ServicePort port, ServiceName holder) =>
        new(Reason.SharingPortTaken, $"port {port} of {address} is taken by service {holder}; services that share an address need ports of their own.");

    private static string NextFree(PoolBook book, IpFamily family) =>
        book.Pool is { Disabled: false, Draining: false } && book.NextFree(family) is { } free ? $" The next free address is {free}." : "";

    internal static string For(Reservation reserved) => reserved switch
    {
        { Namespace: null } => "nobody",
        { Name: null } => $"services of namespace {reserved.Namespace}",
        _ => $"service {reserved.Namespace}/{reserved.Name}",
    };
}
