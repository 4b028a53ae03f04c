using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using OrleansLb.Core;
using OrleansLb.Protocols.Bgp;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Bgp;

/// <summary>The BGP identifier of a node that was given none: its first IPv4 address; on a node without one, a number made of its name (RFC 6286).</summary>
internal static class DefaultRouterId
{
    public static RouterId Of(INetworkScope scope, NodeName node) => scope.Run(FirstIpv4) is { } address ? RouterId.From(address) : OfName(node);

    private static IPAddress? FirstIpv4() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(each => each.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .OrderBy(each => each.Name, StringComparer.Ordinal)
            .SelectMany(each => each.GetIPProperties().UnicastAddresses)
            .Select(each => each.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && NextHop.From(address).IsHostAddress);

    // FNV-1a; the lowest bit keeps it from being zero.
    private static RouterId OfName(NodeName node)
    {
        var hash = 2166136261u;
        foreach (var octet in Encoding.UTF8.GetBytes(node.Value)) hash = (hash ^ octet) * 16777619u;
        return new(hash | 1);
    }
}
