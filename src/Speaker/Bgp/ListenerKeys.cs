using System.Net;
using System.Net.Sockets;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Speaker.Bgp;

/// <summary>The passwords under which peers may connect (RFC 2385), kept on the listening sockets. Owned by the speaker's loop.</summary>
internal sealed class ListenerKeys(IReadOnlyList<BgpListener> listeners, BgpSessionServices services)
{
    private Dictionary<Prefix, Key> _keys = [];

    private sealed record Key(string Peer, string Password);

    /// <summary>From now on these are all peers.</summary>
    public void Follow(IEnumerable<BgpPeer> peers)
    {
        var wanted = new Dictionary<Prefix, Key>();
        foreach (var peer in peers)
        {
            if (peer.Password is { } password && From(peer) is { } prefix) wanted[prefix] = new(peer.Name, password.Value);
        }

        foreach (var (prefix, key) in _keys.Where(known => !wanted.ContainsKey(known.Key))) Set(prefix, key.Peer, password: null);
        foreach (var (prefix, key) in wanted.Where(next => _keys.GetValueOrDefault(next.Key)?.Password != next.Value.Password)) Set(prefix, key.Peer, key.Password);
        _keys = wanted;
    }

    /// <summary>Where the peer connects from; null while that is not known.</summary>
    private static Prefix? From(BgpPeer peer) => peer.Range?.Prefix ?? (peer.Address is { } address ? new Prefix(address, address.Bits) : null);

    private void Set(Prefix prefix, string peer, string? password)
    {
        foreach (var listener in listeners)
        {
            try
            {
                listener.SetKey(prefix.Network.ToIPAddress(), prefix.Length, password);
            }
            catch (Exception failed) when (failed is SocketException or PlatformNotSupportedException or ArgumentException)
            {
                services.Log.PasswordNotSet(failed, peer); // the session of a peer that is dialled says so too
            }
        }
    }
}
