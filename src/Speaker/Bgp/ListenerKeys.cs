using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Speaker.Bgp;

/// <summary>The passwords under which peers may connect (RFC 2385), by where they connect from.</summary>
internal static class ListenerKeys
{
    public static Dictionary<Prefix, string> Of(IEnumerable<BgpPeer> peers)
    {
        var keys = new Dictionary<Prefix, string>();
        foreach (var peer in peers)
        {
            if (peer.Password is { } password && From(peer) is { } prefix) keys[prefix] = password.Value;
        }

        return keys;
    }

    /// <summary>Null while it is not known.</summary>
    private static Prefix? From(BgpPeer peer) => peer.Range?.Prefix ?? (peer.Address is { } address ? new Prefix(address, address.Bits) : null);
}
