using OrleansLb.Core.Addressing;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;
using OrleansLb.Speaker;

namespace OrleansLb.Silo.Lab.Network;

/// <summary>An address is at a MAC, as a frame says.</summary>
/// <param name="IsUnasked">Gratuitous, and no answer to a question.</param>
internal readonly record struct NeighbourClaim(Address Address, MacAddress Mac, bool IsUnasked);

/// <summary>Questions and answers of hosts on a segment, of either family.</summary>
internal static class NeighbourFrame
{
    /// <summary>Longer than any of them, with the padding of Ethernet and some options.</summary>
    public const int MaxLength = 128;

    /// <summary>"Who has <paramref name="target"/>?"</summary>
    /// <param name="from">The asker's own address, of the target's family.</param>
    public static byte[] Question(MacAddress asker, Address from, Address target) => target.Family == IpFamily.IPv4
        ? ArpQuestion(asker, from.ToIpv4(), target.ToIpv4())
        : NdpQuestion(asker, from.ToIpv6(), target.ToIpv6());

    /// <summary>"I have <paramref name="address"/>", told to everybody.</summary>
    public static byte[] Announcement(MacAddress mac, Address address)
    {
        if (address.Family == IpFamily.IPv6) return Written(NdpFrame.Announcement(mac, address.ToIpv6()));
        var frame = new byte[ArpFrame.Length];
        ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(mac, address.ToIpv4())).Write(frame);
        return frame;
    }

    /// <summary>Reads a frame in which a host says where an address is: a gratuitous ARP frame, an ARP reply or a neighbour advertisement.</summary>
    public static bool TryReadClaim(ReadOnlySpan<byte> frame, out NeighbourClaim claim)
    {
        claim = default;
        if (ArpFrame.TryRead(frame, out var arp))
        {
            claim = new(arp.Packet.SenderIp.ToAddress(), arp.Packet.SenderMac, arp.Packet.IsGratuitous);
            return arp.Packet.IsGratuitous || arp.Packet.Operation == ArpOperation.Reply;
        }
        if (!NdpFrame.TryRead(frame, out var ndp, out _) || ndp.Message.Type != NdpType.NeighborAdvertisement) return false;
        claim = new(ndp.Message.Target.ToAddress(), ndp.Message.LinkLayer ?? ndp.SourceMac, (ndp.Message.Flags & NeighborFlags.Solicited) == 0);
        return true;
    }

    private static byte[] ArpQuestion(MacAddress asker, Ipv4 from, Ipv4 target)
    {
        var frame = new byte[ArpFrame.Length];
        ArpFrame.To(MacAddress.Broadcast, new(ArpOperation.Request, asker, from, MacAddress.None, target)).Write(frame);
        return frame;
    }

    private static byte[] NdpQuestion(MacAddress asker, Ipv6 from, Ipv6 target)
    {
        var question = new NdpMessage(NdpType.NeighborSolicitation, NeighborFlags.None, target, asker);
        return Written(new(MacAddress.ForGroup(target.SolicitedNode), asker, target.SolicitedNode, from, question));
    }

    private static byte[] Written(NdpFrame frame)
    {
        var bytes = new byte[NdpFrame.MaxLength];
        return bytes[..frame.Write(bytes)];
    }
}
