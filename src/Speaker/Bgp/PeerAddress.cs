using System.Net;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Bgp;

/// <summary>Finds the address to dial.</summary>
internal static class PeerAddress
{
    public static Task<IPAddress> Find(BgpPeerOptions peer, INetworkScope scope, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (peer.Address is not { } address) throw new LinkException($"Peer '{peer.Name}' has no address.");
        if (!address.IsIPv6LinkLocal || address.ScopeId != 0) return Task.FromResult(address);
        if (peer.Interface is not { } device) throw new LinkException($"Peer '{peer.Name}' has a link-local address: name the interface on which it is.");
        return Task.FromResult(new IPAddress(address.GetAddressBytes(), LocalAddresses.InterfaceIndex(scope, device)));
    }
}
