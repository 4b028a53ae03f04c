using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Core.Services;

/// <summary>How many families a Service wants (<c>spec.ipFamilyPolicy</c>).</summary>
[GenerateSerializer, Alias("orleanslb.FamilyPolicy")]
public enum FamilyPolicy : byte
{
    SingleStack,
    PreferDualStack,
    RequireDualStack,
}

/// <summary>Where a Service's traffic may enter (<c>spec.externalTrafficPolicy</c>).</summary>
[GenerateSerializer, Alias("orleanslb.TrafficPolicy")]
public enum TrafficPolicy : byte
{
    Cluster,
    Local,
}

/// <summary>The transport of a port (<c>spec.ports[].protocol</c>).</summary>
[GenerateSerializer, Alias("orleanslb.Transport")]
public enum Transport : byte
{
    Tcp = 6,
    Udp = 17,
    Sctp = 132,
}

/// <summary>A port that a Service listens on: 1..65535.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.ServicePort")]
public readonly record struct ServicePort([property: Id(0)] Transport Transport, [property: Id(1)] int Port) : IComparable<ServicePort>
{
    public int CompareTo(ServicePort other) => Transport != other.Transport ? Transport.CompareTo(other.Transport) : Port.CompareTo(other.Port);

    public override string ToString() => $"{Transport.ToString().ToLowerInvariant()}/{Port}";
}

/// <summary>A node that has endpoints of a Service that can serve (ready, or terminating but still serving), and how many.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.EndpointNode")]
public readonly record struct EndpointNode([property: Id(0)] NodeName Node, [property: Id(1)] int Count);

/// <summary>What a Service asks for, in whichever dialect, with the endpoints that stand behind it.</summary>
public sealed partial record ServiceRequest
{
    /// <summary>True when an address of its own may be given: ours by type and class, and not being deleted.</summary>
    public bool IsWanted => Wanted && !Deleting;

    /// <summary>
    /// True when another load balancer serves it, which may be one of ours of another cluster of processes: what it holds is that one's to let go. Not written
    /// by a constructor, for whoever makes a request of his own means it to be served.
    /// </summary>
    [Id(20)]
    public bool Foreign { get; init; }

    /// <summary>It shares an address that it or another service asks for, and is given a shared one in no other case.</summary>
    [Id(21)]
    public bool SharesOnRequest { get; init; }

    /// <summary>When the Service was made; of several that show one address and cannot share it the older keeps it.</summary>
    [Id(22)]
    public DateTimeOffset Created { get; init; }

    /// <summary>Nothing is known of its endpoints: it has a selector, and the cluster has not made an EndpointSlice for it yet, as it does for each.</summary>
    [Id(23)]
    public bool EndpointsAwaited { get; init; }

    /// <summary>A service that is deleted and asks for nothing.</summary>
    public static ServiceRequest Gone(ServiceName service, string uid) => new(
        service, uid, Wanted: false, Deleting: true, null, null, Labels.None, Labels.None, [], default, [], null, null, "", default, [], [], [], 0, []);

    /// <summary>True when nothing differs but what we write into the service ourselves.</summary>
    public bool DiffersByOurWritingFrom(ServiceRequest other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ReferenceEquals(this, other) || this == other with { Held = Held, Finalizer = Finalizer };
    }

    /// <summary>True when nothing differs that addresses depend on; endpoints may, and what we write ourselves.</summary>
    public bool AsksTheSameAs(ServiceRequest other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return ReferenceEquals(this, other) || Demand(this) == Demand(other);

        static ServiceRequest Demand(ServiceRequest request) =>
            request with { Endpoints = [], EndpointsElsewhere = 0, EndpointsAwaited = false, Held = [], Finalizer = null };
    }
}

/// <param name="Wanted">Of type LoadBalancer and of a class that is ours.</param>
/// <param name="Deleting">Its deletion is under way.</param>
/// <param name="Finalizer">The clean-up finalizer of ours that it bears, if any.</param>
/// <param name="WantedFinalizer">The finalizer that it should bear while it is served; null for none.</param>
/// <param name="Families">Wanted families, primary first (<c>spec.ipFamilies</c>).</param>
/// <param name="Addresses">Addresses asked for; empty leaves the choice to the pool.</param>
/// <param name="SharingKey">Services with equal keys may share an address; null shares with nobody.</param>
/// <param name="BackendKey">The selector in canonical form: with policy Local, services share only when it is equal.</param>
/// <param name="Held">The addresses that its status shows.</param>
/// <param name="Endpoints">Nodes with endpoints that can serve, sorted by name.</param>
/// <param name="EndpointsElsewhere">Endpoints that can serve but name no node.</param>
/// <param name="Problems">What is wrong with the request itself; with an Error among them nothing new is given.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.ServiceRequest")]
public sealed partial record ServiceRequest(
    [property: Id(0)] ServiceName Service,
    [property: Id(1)] string Uid,
    [property: Id(2)] bool Wanted,
    [property: Id(3)] bool Deleting,
    [property: Id(4)] string? Finalizer,
    [property: Id(5)] string? WantedFinalizer,
    [property: Id(6)] Labels Labels,
    [property: Id(7)] Labels NamespaceLabels,
    [property: Id(8)] EquatableList<IpFamily> Families,
    [property: Id(9)] FamilyPolicy FamilyPolicy,
    [property: Id(10)] EquatableList<Address> Addresses,
    [property: Id(11)] PoolName? Pool,
    [property: Id(12)] string? SharingKey,
    [property: Id(13)] string BackendKey,
    [property: Id(14)] TrafficPolicy TrafficPolicy,
    [property: Id(15)] EquatableList<ServicePort> Ports,
    [property: Id(16)] EquatableList<Address> Held,
    [property: Id(17)] EquatableList<EndpointNode> Endpoints,
    [property: Id(18)] int EndpointsElsewhere,
    [property: Id(19)] EquatableList<Problem> Problems);
