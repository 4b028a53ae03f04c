using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;

namespace OrleansLb.Protocols.Tests;

/// <summary>Arbitrary values of the layer 2 protocols, over their whole range.</summary>
public static class Generators
{
    private static readonly Gen<ulong> Words =
        Gen.ArrayOf(Gen.Choose(0, 255), 8).Select(octets => octets.Aggregate(0UL, (word, octet) => word << 8 | (uint)octet));

    public static Gen<MacAddress> Macs { get; } = Words.Select(word => new MacAddress(word & 0xffff_ffff_ffff));

    private static readonly Gen<MacAddress?> OptionalMacs = Gen.OneOf(Gen.Constant((MacAddress?)null), Macs.Select(mac => (MacAddress?)mac));

    public static Gen<Ipv4> Ipv4s { get; } = Words.Select(word => new Ipv4((uint)word));

    public static Gen<Ipv6> Ipv6s { get; } =
        from high in Words
        from low in Words
        select new Ipv6(high, low);

    public static Gen<Ipv6> UnicastIpv6s { get; } = Ipv6s.Where(address => !address.IsMulticast && !address.IsUnspecified);

    public static Gen<EthernetHeader> EthernetHeaders { get; } =
        from destination in Macs
        from source in Macs
        from type in Gen.Choose(0, ushort.MaxValue)
        select new EthernetHeader(destination, source, (EtherType)type);

    public static Gen<ArpPacket> ArpPackets { get; } =
        from operation in Gen.Choose(0, ushort.MaxValue)
        from senderMac in Macs
        from senderIp in Ipv4s
        from targetMac in Macs
        from targetIp in Ipv4s
        select new ArpPacket((ArpOperation)operation, senderMac, senderIp, targetMac, targetIp);

    public static Gen<NdpMessage> Solicitations { get; } =
        from target in UnicastIpv6s
        from linkLayer in OptionalMacs
        select new NdpMessage(NdpType.NeighborSolicitation, NeighborFlags.None, target, linkLayer);

    public static Gen<NdpMessage> Advertisements { get; } =
        from target in UnicastIpv6s
        from flags in Gen.Choose(0, 7)
        from linkLayer in OptionalMacs
        from station in OptionalMacs
        select new NdpMessage(NdpType.NeighborAdvertisement, (NeighborFlags)(flags << 5), target, linkLayer, station);

    /// <summary>Frames that RFC 4861 calls valid, between unicast addresses.</summary>
    public static Gen<NdpFrame> NdpFrames { get; } =
        from message in Gen.OneOf(Solicitations, Advertisements)
        from destinationMac in Macs
        from sourceMac in Macs
        from destination in UnicastIpv6s
        from source in UnicastIpv6s
        select new NdpFrame(destinationMac, sourceMac, destination, source, message);

    public static Gen<byte[]> Bytes { get; } = Gen.Sized(size => Gen.ArrayOf(Gen.Choose(0, 255).Select(octet => (byte)octet), Math.Min(size, 100) * 2));
}
