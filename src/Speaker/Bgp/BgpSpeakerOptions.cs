using System.Net;
using OrleansLb.Core;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>How a node's BGP speaker behaves, whatever its peers are.</summary>
public sealed record BgpSpeakerOptions
{
    public required NodeName Node { get; init; }

    /// <summary>Where peers may connect; empty: nowhere, we dial only.</summary>
    public ValueList<IPEndPoint> ListenOn { get; init; } =
        [new IPEndPoint(IPAddress.Any, BgpPeerOptions.DefaultPort), new IPEndPoint(IPAddress.IPv6Any, BgpPeerOptions.DefaultPort)];

    /// <summary>Null takes the first IPv4 address of the node, or a number made of its name.</summary>
    public RouterId? RouterId { get; init; }

    /// <summary>How long peers with graceful restart keep our routes while we are away.</summary>
    public TimeSpan RestartTime { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>How often the counters of a session are told, if they have changed.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What one endpoint is worth as link bandwidth, in bytes a second (1 Gbit/s): only the ratios matter to routers.</summary>
    public float BandwidthPerEndpoint { get; init; } = 125_000_000;
}
