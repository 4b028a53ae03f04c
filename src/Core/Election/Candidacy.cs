using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Election;

/// <summary>What an election must know of a service.</summary>
/// <param name="Addresses">Its addresses, all announced by one node; not empty.</param>
/// <param name="Advertisements">The advertisements that cover its pools and mean this service.</param>
/// <param name="Endpoints">Nodes with endpoints that can serve.</param>
/// <param name="EndpointsElsewhere">Endpoints that can serve and name no node.</param>
/// <param name="SharingKey">The key under which it may share its addresses; null when it does not.</param>
/// <param name="Current">The node that announces now, or was told to; null while there is none.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.Candidacy")]
public sealed record Candidacy(
    [property: Id(0)] EquatableList<Address> Addresses,
    [property: Id(1)] EquatableList<Layer2Advertisement> Advertisements,
    [property: Id(2)] TrafficPolicy TrafficPolicy,
    [property: Id(3)] EquatableList<EndpointNode> Endpoints,
    [property: Id(4)] int EndpointsElsewhere,
    [property: Id(5)] NodeName? Current,
    [property: Id(6)] string? SharingKey = null)
{
    /// <summary>
    /// What a service asks for that is to be announced at these addresses. An EndpointSlice that is awaited counts as an endpoint: where that is not to be
    /// hoped for, the request says so no more.
    /// </summary>
    public static Candidacy Of(
        ServiceRequest request, EquatableList<Address> addresses, EquatableList<Layer2Advertisement> advertisements, NodeName? current)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new(addresses, advertisements, request.TrafficPolicy, request.Endpoints, request.EndpointsElsewhere + (request.EndpointsAwaited ? 1 : 0),
            current, request.SharingKey);
    }

    /// <summary>The address that decides the ranking: services that share it rank nodes alike.</summary>
    public Address Key => Addresses.Count == 1 ? Addresses[0] : Addresses.Min();

    /// <summary>
    /// MetalLB's rule that a service may not share addresses and be meant by the selectors of an L2Advertisement: the advertisement that stands in the way.
    /// Ours may, as services that share an address are announced together.
    /// </summary>
    public Layer2Advertisement? SelectiveAdvertisement => SharingKey is null ? null : Advertisements.FirstOrDefault(advertisement =>
        advertisement.ServiceSelectors.Count > 0 && advertisement.Source.ApiVersion.StartsWith("metallb.io/", StringComparison.Ordinal));

    public bool HasEndpoint => EndpointsElsewhere > 0 || Endpoints.Any(node => node.Count > 0);
}

/// <summary>A node that may announce.</summary>
/// <param name="Weight">The sum of the preferences that it matches; a higher one goes before everything else.</param>
/// <param name="Doubtful">Kubernetes says that it is not ready, or is being drained, while its speaker lives: it announces only where no other can.</param>
/// <param name="Interfaces">Where it is to announce; empty means every usable interface of the address's subnet.</param>
/// <param name="HeldUntil">It has come back and takes nothing from another before that; null: it may.</param>
/// <param name="Returns">How often it came back of late.</param>
/// <param name="Style">How: as the first of the advertisements that match it says, where one says anything.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.Candidate")]
public sealed record Candidate(
    [property: Id(0)] NodeName Node,
    [property: Id(1)] int Weight,
    [property: Id(2)] bool Doubtful,
    [property: Id(3)] ulong Score,
    [property: Id(4)] int Load,
    [property: Id(5)] DateTimeOffset SteadySince,
    [property: Id(6)] EquatableList<InterfaceSelector> Interfaces,
    [property: Id(7)] AnnouncementStyle? Style = null,
    [property: Id(8)] DateTimeOffset? HeldUntil = null,
    [property: Id(9)] int Returns = 0)
{
    private const int Flaps = 2;

    /// <summary>It comes and goes: others that may announce come before it until its hold-down is over.</summary>
    public bool IsFlapping => HeldUntil is not null && Returns >= Flaps;

    /// <summary>What it is to be told so that it announces these addresses of the service.</summary>
    public EquatableList<Assignment> Assign(ServiceName service, IEnumerable<Address> addresses, long epoch) =>
        addresses.Select(address => new Assignment(address, service, epoch, Interfaces, Style: Style)).ToEquatableList();
}
