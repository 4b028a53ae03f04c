using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;

namespace OrleansLb.Speaker.Links.Pcap;

/// <summary>
/// The filter expressions (pcap-filter(7)) that keep all but the wanted frames in the kernel: the same that a packet socket's filter keeps. What is for another
/// host, bears a VLAN tag or was sent from here is dropped.
/// </summary>
internal static class CaptureFilter
{
    /// <summary>A frame of no more octets ends before its ICMPv6 type: it is let through, to be counted.</summary>
    private const int ShortestNdp = 54;

    /// <param name="hearsItself">Frames that are sent from here come to the filter too: they are known by their source. ("inbound" is no help: libpcap judges
    /// the first frames in user space, where it is never true.)</param>
    public static string For(LinkTraffic traffic, MacAddress mac, bool hearsItself)
    {
        var foreign = hearsItself ? $" and not ether src {mac}" : "";
        return $"({Kind(traffic)}) and (ether dst {mac} or ether multicast){foreign} and not vlan"; // "vlan" moves the offsets of all that follows it
    }

    private static string Kind(LinkTraffic traffic) => traffic switch
    {
        LinkTraffic.Arp => "arp",
        LinkTraffic.Ndp =>
            $"ip6 and (len < {ShortestNdp} or (ip6[6] = {Icmpv6.NextHeader} and (len = {ShortestNdp} or ip6[40] = {(int)NdpType.NeighborSolicitation} or "
                + $"ip6[40] = {(int)NdpType.NeighborAdvertisement})))",
        LinkTraffic.Echo => "icmp[icmptype] = icmp-echo", // of a fragmented one only the first part
        _ => $"ip6 and ip6[6] = {Icmpv6.NextHeader} and ip6[40] = 128",
    };
}
