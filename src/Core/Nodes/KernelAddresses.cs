using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Nodes;

/// <summary>
/// What a node's own kernel does about an address: one that some interface bears is answered for by the kernel, and by default on every other interface too.
/// kube-proxy in IPVS mode binds the addresses of all Services on every node.
/// </summary>
public static class KernelAddresses
{
    /// <summary>The interface on which kube-proxy in IPVS mode binds the addresses of Services.</summary>
    public const string ProxyInterface = "kube-ipvs0";

    /// <summary>True when the node bears the address, so that packets to it are the kernel's.</summary>
    public static bool Owns(NodeLinks links, Address address)
    {
        ArgumentNullException.ThrowIfNull(links);
        return links.Links.Any(link => link.Addresses.Contains(address));
    }

    /// <summary>True when the kernel answers ARP or neighbour discovery for the address on the interface (Linux ip-sysctl, <c>arp_ignore</c>).</summary>
    public static bool Answers(NodeLinks links, LinkState on, Address address)
    {
        ArgumentNullException.ThrowIfNull(links);
        ArgumentNullException.ThrowIfNull(on);
        var here = on.Addresses.Contains(address);
        return address.Family == IpFamily.IPv6 ? here : on.ArpIgnore switch
        {
            0 or 3 => Owns(links, address),
            1 => here,
            2 => here && on.Connected.Any(prefix => prefix.Length < address.Bits && prefix.Contains(address)), // and the asker is of that subnet
            _ => false,
        };
    }
}
