using System.Net;
using System.Net.Sockets;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Speaker.Bgp;

/// <summary>Where connections are taken.</summary>
/// <param name="Device">The VRF; null for the node's own routing table.</param>
internal sealed record ListeningPlace(IPEndPoint EndPoint, string? Device)
{
    /// <summary>The places at which a peer may connect.</summary>
    /// <param name="usual">For peers that name none.</param>
    public static IEnumerable<ListeningPlace> For(BgpPeer peer, IEnumerable<IPEndPoint> usual)
    {
        if (peer.Listening is not { } listening) return usual.Select(endPoint => new ListeningPlace(endPoint, peer.Vrf));
        if (listening.Port == 0) return [];
        IEnumerable<IPAddress> addresses =
            listening.Addresses.Count == 0 ? [IPAddress.Any, IPAddress.IPv6Any] : listening.Addresses.Select(address => address.ToIPAddress());
        return addresses.Select(address => new ListeningPlace(new(address, listening.Port), peer.Vrf));
    }

    /// <summary>Connections to the other place come here too: the system takes no second socket for them.</summary>
    public bool Covers(ListeningPlace other) =>
        this != other && Device == other.Device && EndPoint.Port == other.EndPoint.Port && EndPoint.AddressFamily == other.EndPoint.AddressFamily
        && EndPoint.Address.Equals(EndPoint.AddressFamily == AddressFamily.InterNetwork ? IPAddress.Any : IPAddress.IPv6Any);

    /// <summary>Whether the peer's connections come here: they are of the family of its address.</summary>
    public bool Suits(BgpPeer peer) => (peer.Address ?? peer.Range?.Prefix.Network)?.Family switch
    {
        IpFamily.IPv4 => EndPoint.AddressFamily == AddressFamily.InterNetwork,
        _ => EndPoint.AddressFamily == AddressFamily.InterNetworkV6,
    };
}
