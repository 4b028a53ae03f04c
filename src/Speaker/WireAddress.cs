using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker;

/// <summary>Core's addresses as the protocols write them, and back.</summary>
internal static class WireAddress
{
    public static Ipv4 ToIpv4(this Address address) => new((uint)address.Lower);

    public static Ipv6 ToIpv6(this Address address) => new(address.Upper, address.Lower);

    public static Address ToAddress(this Ipv4 address) => Address.Ipv4(address.Value);

    public static Address ToAddress(this Ipv6 address) => Address.Ipv6(address.Upper, address.Lower);

    public static HardwareAddress ToHardwareAddress(this MacAddress mac) => new(mac.Value);
}
