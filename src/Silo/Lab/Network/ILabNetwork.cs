using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Silo.Lab.Network;

/// <summary>The network that the lab's story plays on: nodes and a client on one segment.</summary>
internal interface ILabNetwork : IAsyncDisposable
{
    /// <summary>What it is made of, in the report's word: <c>namespaces</c> or <c>memory</c>.</summary>
    string Segment { get; }

    LabPlan Plan { get; }

    /// <summary>What the client hears of announcements.</summary>
    AnnouncementCapture Capture { get; }

    /// <summary>Asks on the segment who has an address.</summary>
    Witness Witness { get; }

    /// <summary>The interfaces that the node's speaker works with.</summary>
    ILinkProvider LinksOf(NodeName node);

    /// <summary>The network stack of the node, in which its speaker connects to routers; null where there is none.</summary>
    INetworkScope? StackOf(NodeName node);

    /// <summary>
    /// Asks for a page at the address, from the client: the name of the node that answered. Throws <see cref="HttpRequestException"/> when none does in time.
    /// </summary>
    Task<string> Fetch(Address address, int port, TimeSpan patience, CancellationToken cancellation);

    /// <summary>Pulls the node's cable.</summary>
    Task Unplug(NodeName node, CancellationToken cancellation);

    Task Plug(NodeName node, CancellationToken cancellation);

    /// <summary>Where the client's neighbour table has the address now; null when it has no usable entry, or when there is no such table.</summary>
    Task<MacAddress?> NeighbourOf(Address address, CancellationToken cancellation);

    /// <summary>A host that is none of ours comes up with the address as its own, tells so, and answers for it until it is disposed.</summary>
    Task<IAsyncDisposable> Intrude(Address address, CancellationToken cancellation);
}
