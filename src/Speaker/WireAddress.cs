using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker;

/// <summary>Core's addresses as the protocols write them, and back.</summary>
public static class WireAddress
{
    /// <summary>An IPv4 address; of another family it is the lowest 32 bits.</summary>
    public static Ipv4 ToIpv4(this Address address) => new((uint)address.Lower);

    /// <summary>An IPv6 address.</summary>
    public static Ipv6 ToIpv6(this Address address) => new(address.Upper, address.Lower);

    public static Address ToAddress(this Ipv4 address) => Address.Ipv4(address.Value);

    public static Address ToAddress(this Ipv6 address) => Address.Ipv6(address.Upper, address.Lower);

    public static HardwareAddress ToHardwareAddress(this MacAddress mac) => new(mac.Value);
}
