using System.Net;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Bgp;

/// <summary>Finds the address to dial: as configured, or as the router at the other end of an unnumbered link shows itself.</summary>
internal sealed class PeerAddress(BgpSessionServices services) : IAsyncDisposable
{
    private RouterDiscovery? _discovery;

    public async Task<IPAddress> Find(BgpPeerOptions peer, CancellationToken cancellation)
    {
        if (peer.Address is not { } address)
        {
            _discovery ??= new(services.Scope, Device(peer), services.Time, services.Log); // it goes on, so that the peer keeps hearing of us
            return await _discovery.Router(cancellation);
        }

        if (!address.IsIPv6LinkLocal || address.ScopeId != 0) return address;
        return new(address.GetAddressBytes(), LocalAddresses.InterfaceIndex(services.Scope, Device(peer)));
    }

    public ValueTask DisposeAsync() => _discovery?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static string Device(BgpPeerOptions peer) =>
        peer.Interface ?? throw new LinkException($"Peer '{peer.Name}' has no address that could be dialled without naming the interface on which it is.");
}
