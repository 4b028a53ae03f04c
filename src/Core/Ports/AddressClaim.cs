using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Ports;

/// <summary>A service that holds a claimed address.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.ClaimHolder")]
public readonly record struct ClaimHolder([property: Id(0)] ServiceName Service, [property: Id(1)] string Uid);

/// <summary>For whom an address is kept although nobody holds it: a service by name, a namespace, or nobody.</summary>
/// <param name="Until">When the address is free again; null keeps it until the claim is deleted.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.Reservation")]
public sealed record Reservation([property: Id(0)] string? Namespace, [property: Id(1)] string? Name, [property: Id(2)] DateTimeOffset? Until = null);

/// <summary>An address that a host outside of the cluster uses; it is given to nobody for a while.</summary>
/// <param name="Holder">Who answered for it, on <paramref name="Interface"/> of <paramref name="Node"/>.</param>
/// <param name="Until">When it may be given again; it is then probed again before it is used.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.Quarantine")]
public sealed record Quarantine(
    [property: Id(0)] HardwareAddress Holder,
    [property: Id(1)] NodeName Node,
    [property: Id(2)] string Interface,
    [property: Id(3)] DateTimeOffset Until);

/// <summary>The record of one held address: an <c>AddressClaim</c> object named by the address, so that creating it is the atomic act.</summary>
/// <param name="Holders">The services that share the address, in the order in which they came to it; empty for a mere reservation.</param>
/// <param name="SharingKey">The key under which it is shared; null while it is held by one service for itself.</param>
/// <param name="Version">The API's resourceVersion, opaque; empty before it is written.</param>
/// <param name="Quarantine">Null unless a stranger uses the address.</param>
/// <param name="Released">When nobody had it any more, on a claim that stands only so that the address rests; null on every other.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.AddressClaim")]
public sealed record AddressClaim(
    [property: Id(0)] Address Address,
    [property: Id(1)] PoolName Pool,
    [property: Id(2)] EquatableList<ClaimHolder> Holders,
    [property: Id(3)] string? SharingKey = null,
    [property: Id(4)] Reservation? Reserved = null,
    [property: Id(5)] string Version = "",
    [property: Id(6)] Quarantine? Quarantine = null,
    [property: Id(7)] DateTimeOffset? Released = null)
{
    /// <summary>Nobody has the address, and it may be given at once; others are to be given before it.</summary>
    public bool IsResting => Released is not null && Holders.Count == 0 && Reserved is null && Quarantine is null;

    /// <summary>When something about the claim ends by itself; null when nothing does. A reservation does not run out while the address is held.</summary>
    public DateTimeOffset? Deadline => (Quarantine?.Until, Holders.Count == 0 ? Reserved?.Until : null) switch
    {
        ({ } quarantine, { } reserved) => quarantine < reserved ? quarantine : reserved,
        var (quarantine, reserved) => quarantine ?? reserved,
    };

    public bool IsHeldBy(ServiceName service)
    {
        foreach (var holder in Holders)
        {
            if (holder.Service == service) return true;
        }
        return false;
    }
}
