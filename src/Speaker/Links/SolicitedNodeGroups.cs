using System.Net;
using System.Net.Sockets;
using OrleansLb.Protocols;

namespace OrleansLb.Speaker.Links;

/// <summary>
/// Multicast memberships on one interface, made through the kernel so that it reports them (MLD) and opens the interface's own filter.
/// Counted per group, because addresses may share one (RFC 4291 §2.7.1).
/// </summary>
internal sealed class SolicitedNodeGroups(INetworkScope scope, int interfaceIndex) : IDisposable
{
    /// <summary>The kernel bounds the memory of one socket's memberships (net.core.optmem_max); this many fit with the smallest default.</summary>
    private const int GroupsPerSocket = 100;

    private readonly Dictionary<Ipv6, Membership> _memberships = [];
    private readonly List<Carrier> _carriers = [];

    private sealed class Carrier(Socket socket)
    {
        public Socket Socket => socket;

        public int Groups { get; set; }
    }

    private sealed record Membership(Carrier Carrier)
    {
        public int Holders { get; set; } = 1;
    }

    public void Join(Ipv6 group)
    {
        if (_memberships.TryGetValue(group, out var membership))
        {
            membership.Holders++;
            return;
        }
        var carrier = FreeCarrier();
        carrier.Socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.AddMembership, Option(group));
        carrier.Groups++;
        _memberships[group] = new(carrier);
    }

    public void Leave(Ipv6 group)
    {
        if (!_memberships.TryGetValue(group, out var membership) || --membership.Holders > 0) return;
        _memberships.Remove(group);
        membership.Carrier.Groups--;
        membership.Carrier.Socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.DropMembership, Option(group));
    }

    public void Dispose()
    {
        foreach (var carrier in _carriers) carrier.Socket.Dispose();
        _carriers.Clear();
        _memberships.Clear();
    }

    private Carrier FreeCarrier()
    {
        var free = _carriers.Find(carrier => carrier.Groups < GroupsPerSocket);
        if (free is not null) return free;
        free = new(scope.Run(() => new Socket(AddressFamily.InterNetworkV6, SocketType.Dgram, ProtocolType.Udp)));
        _carriers.Add(free);
        return free;
    }

    private IPv6MulticastOption Option(Ipv6 group) => new(IPAddress.Parse(group.ToString()), interfaceIndex);
}
