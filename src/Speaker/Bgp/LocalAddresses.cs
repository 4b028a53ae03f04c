using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using OrleansLb.Protocols.Bgp;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Bgp;

/// <summary>
/// The addresses of this node that can be the next hop of routes told over one session: its own, and those of the other family on the same interface.
/// </summary>
internal static class LocalAddresses
{
    public static (NextHop? Ipv4, NextHop? Ipv6) Beside(INetworkScope scope, IPAddress local, IPAddress remote)
    {
        var own = local.AddressFamily == AddressFamily.InterNetwork ? local : new IPAddress(local.GetAddressBytes()); // without its zone
        var addresses = scope.Run(() => AddressesBeside(local));
        var ipv4 = own.AddressFamily == AddressFamily.InterNetwork ? own : First(addresses, address => address.AddressFamily == AddressFamily.InterNetwork);
        var global = own.AddressFamily == AddressFamily.InterNetworkV6 && !own.IsIPv6LinkLocal ? own : First(addresses, IsGlobal);
        var linkLocal = own.IsIPv6LinkLocal ? own : First(addresses, address => address.IsIPv6LinkLocal);
        return (ipv4 is null ? null : NextHop.From(ipv4), Ipv6(global, linkLocal, IsOnLink(addresses, remote)));
    }

    /// <summary>The index that the kernel gives an interface: the zone of its link-local addresses.</summary>
    public static int InterfaceIndex(INetworkScope scope, string name) =>
        FindInterfaceIndex(scope, name) ?? throw new LinkException($"There is no interface '{name}'.");

    public static int? FindInterfaceIndex(INetworkScope scope, string name) =>
        scope.Run(() => NetworkInterface.GetAllNetworkInterfaces().FirstOrDefault(each => each.Name == name)?.GetIPProperties().GetIPv6Properties().Index);

    // A link-local address goes along only where the peer can use it (RFC 2545 §3).
    private static NextHop? Ipv6(IPAddress? global, IPAddress? linkLocal, bool onLink)
    {
        if (global is null) return linkLocal is not null && onLink ? NextHop.From(linkLocal) : null;
        return NextHop.From(global, onLink ? linkLocal : null);
    }

    private static List<UnicastIPAddressInformation> AddressesBeside(IPAddress local)
    {
        foreach (var each in NetworkInterface.GetAllNetworkInterfaces())
        {
            var addresses = each.GetIPProperties().UnicastAddresses;
            if (addresses.Any(address => address.Address.Equals(local))) return [.. addresses];
        }

        return [];
    }

    private static IPAddress? First(List<UnicastIPAddressInformation> addresses, Func<IPAddress, bool> wanted) =>
        addresses.Select(each => each.Address).Where(wanted).Select(address => new IPAddress(address.GetAddressBytes())).FirstOrDefault();

    private static bool IsGlobal(IPAddress address) =>
        address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6LinkLocal: false, IsIPv6Multicast: false };

    private static bool IsOnLink(List<UnicastIPAddressInformation> addresses, IPAddress remote) =>
        remote.IsIPv6LinkLocal || addresses.Any(each => each.Address.AddressFamily == remote.AddressFamily
            && Prefix.From(each.Address, each.PrefixLength) == Prefix.From(remote, each.PrefixLength));
}
