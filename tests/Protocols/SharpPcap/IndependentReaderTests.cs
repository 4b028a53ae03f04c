using System.Buffers.Binary;
using System.Net;
using System.Net.NetworkInformation;
using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Icmp;
using OrleansLb.Protocols.Ndp;
using PacketDotNet;
using PacketDotNet.Ndp;
using ArpOperation = OrleansLb.Protocols.Arp.ArpOperation;
using ArpPacket = OrleansLb.Protocols.Arp.ArpPacket;

namespace OrleansLb.Protocols.Tests.Reading;

/// <summary>Every frame that we build, read by PacketDotNet: it finds in it what we put there.</summary>
public class IndependentReaderTests
{
    private static readonly Gen<(MacAddress Mac, MacAddress Other, Ipv4 Ip, Ipv4 OtherIp)> Stations4 =
        from mac in Generators.Macs
        from other in Generators.Macs
        from ip in Generators.Ipv4s
        from otherIp in Generators.Ipv4s
        select (mac, other, ip, otherIp);

    private static readonly Gen<(MacAddress Mac, MacAddress Other, Ipv6 Ip, Ipv6 OtherIp)> Stations6 =
        from mac in Generators.Macs
        from other in Generators.Macs
        from ip in Generators.UnicastIpv6s
        from otherIp in Generators.UnicastIpv6s
        select (mac, other, ip, otherIp);

    [Fact]
    public void Arp_requests_replies_announcements_and_probes() => Prop.ForAll(Stations4.ToArbitrary(), station =>
    {
        var (mac, other, ip, otherIp) = station;
        var request = new ArpPacket(ArpOperation.Request, other, otherIp, MacAddress.None, ip);
        Check(MacAddress.Broadcast, request);
        Check(other, request.AnsweredBy(mac));
        Check(MacAddress.Broadcast, ArpPacket.Announcement(mac, ip));
        Check(MacAddress.Broadcast, ArpPacket.AnnouncementReply(mac, ip));
        Check(MacAddress.Broadcast, ArpPacket.Probe(mac, ip));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Neighbour_advertisements_with_all_flags_and_solicitations() =>
        Prop.ForAll(Generators.NdpFrames.ToArbitrary(), Check).QuickCheckThrowOnFailure();

    [Fact]
    public void Neighbour_announcements_answers_and_probes() => Prop.ForAll(Stations6.ToArbitrary(), station =>
    {
        var (mac, other, ip, otherIp) = station;
        var group = ip.SolicitedNode;
        var question = new NdpFrame(MacAddress.ForGroup(group), other, group, otherIp, new(NdpType.NeighborSolicitation, NeighborFlags.None, ip, other));
        Check(NdpFrame.Announcement(mac, ip));
        Check(NdpFrame.AnnouncementTo(other, otherIp, mac, ip));
        Check(NdpFrame.Probe(mac, ip));
        Check(question.AnsweredBy(mac));
        Check(NdpFrame.Probe(other, ip).AnsweredBy(mac));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Echo_replies_of_ipv4() =>
        Prop.ForAll(Stations4.Where(station => (station.OtherIp.Value >> 24) is not (0 or 127 or >= 224) && !station.Other.IsGroup).Zip(Generators.Bytes)
            .ToArbitrary(), asked =>
    {
        var ((mac, other, ip, otherIp), data) = asked;
        Assert.True(Ipv4Echo.TryRead(Question(mac, other, ip, otherIp, data), out var echo, out _));
        var reply = new byte[echo.ReplyLength];
        echo.WriteReply(mac, reply);

        var ethernet = Read(reply, mac, other);
        var packet = Assert.IsType<IPv4Packet>(ethernet.PayloadPacket);
        Assert.Equal((Text(ip), Text(otherIp), 64, 20 + 8 + data.Length),
            (packet.SourceAddress.ToString(), packet.DestinationAddress.ToString(), packet.TimeToLive, packet.TotalLength));
        Assert.True(packet.ValidIPChecksum);
        var message = Assert.IsType<IcmpV4Packet>(packet.PayloadPacket);
        Assert.Equal((IcmpV4TypeCode.EchoReply, (ushort)0x1234, (ushort)7), (message.TypeCode, message.Id, message.Sequence));
        Assert.True(message.ValidIcmpChecksum);
        Assert.Equal(data, message.Data ?? []);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Echo_replies_of_ipv6() => Prop.ForAll(Stations6.Where(station => !station.Other.IsGroup).Zip(Generators.Bytes).ToArbitrary(), asked =>
    {
        var ((mac, other, ip, otherIp), data) = asked;
        Assert.True(Ipv6Echo.TryRead(Question(mac, other, ip, otherIp, data), out var echo, out _));
        var reply = new byte[echo.ReplyLength];
        echo.WriteReply(mac, reply);

        var packet = Assert.IsType<IPv6Packet>(Read(reply, mac, other).PayloadPacket);
        Assert.Equal((Text(ip), Text(otherIp), 64, 8 + data.Length),
            (Plain(packet.SourceAddress), Plain(packet.DestinationAddress), packet.HopLimit, (int)packet.PayloadLength));
        var message = Assert.IsType<IcmpV6Packet>(packet.PayloadPacket);
        Assert.Equal((IcmpV6Type.EchoReply, (byte)0), (message.Type, message.Code));
        Assert.True(message.ValidIcmpChecksum);
        Assert.Equal([0x12, 0x34, 0, 7, .. data], reply[^(4 + data.Length)..]);
    }).QuickCheckThrowOnFailure();

    private static void Check(MacAddress destination, ArpPacket sent)
    {
        var frame = new byte[ArpFrame.Length];
        ArpFrame.To(destination, sent).Write(frame);
        var read = Assert.IsType<PacketDotNet.ArpPacket>(Read(frame, sent.SenderMac, destination).PayloadPacket);
        Assert.Equal((LinkLayers.Ethernet, EthernetType.IPv4, 6, 4),
            (read.HardwareAddressType, read.ProtocolAddressType, read.HardwareAddressLength, read.ProtocolAddressLength));
        Assert.Equal((ushort)sent.Operation, (ushort)read.Operation);
        Assert.Equal((Text(sent.SenderMac), Text(sent.SenderIp)), (Text(read.SenderHardwareAddress), read.SenderProtocolAddress.ToString()));
        Assert.Equal((Text(sent.TargetMac), Text(sent.TargetIp)), (Text(read.TargetHardwareAddress), read.TargetProtocolAddress.ToString()));
    }

    private static void Check(NdpFrame sent)
    {
        var frame = new byte[NdpFrame.MaxLength];
        var packet = Assert.IsType<IPv6Packet>(Read(frame[..sent.Write(frame)], sent.SourceMac, sent.DestinationMac).PayloadPacket);
        Assert.Equal((Text(sent.Source), Text(sent.Destination), 255), (Plain(packet.SourceAddress), Plain(packet.DestinationAddress), packet.HopLimit));
        var message = Assert.IsType<IcmpV6Packet>(packet.PayloadPacket);
        Assert.True(message.ValidIcmpChecksum);
        Assert.Equal((byte)0, message.Code);
        if (sent.Message.Type == NdpType.NeighborAdvertisement) CheckAdvertisement(sent.Message, message);
        else CheckSolicitation(sent.Message, message);
    }

    private static void CheckAdvertisement(NdpMessage sent, IcmpV6Packet message)
    {
        Assert.Equal(IcmpV6Type.NeighborAdvertisement, message.Type);
        var read = Assert.IsType<NdpNeighborAdvertisementPacket>(message.PayloadPacket);
        Assert.Equal(Text(sent.Target), Plain(read.TargetAddress));
        Assert.Equal(
            (sent.Flags.HasFlag(NeighborFlags.Router), sent.Flags.HasFlag(NeighborFlags.Solicited), sent.Flags.HasFlag(NeighborFlags.Override)),
            (read.Router, read.Solicited, read.Override));
        CheckLinkLayer(sent.LinkLayer, read.OptionsCollection, OptionTypes.TargetLinkLayerAddress);
    }

    private static void CheckSolicitation(NdpMessage sent, IcmpV6Packet message)
    {
        Assert.Equal(IcmpV6Type.NeighborSolicitation, message.Type);
        var read = Assert.IsType<NdpNeighborSolicitationPacket>(message.PayloadPacket);
        Assert.Equal(Text(sent.Target), Plain(read.TargetAddress));
        CheckLinkLayer(sent.LinkLayer, read.OptionsCollection, OptionTypes.SourceLinkLayerAddress);
    }

    private static void CheckLinkLayer(MacAddress? sent, List<NdpOption> options, OptionTypes type)
    {
        var read = options.Select(option => (option.Type, Text(Assert.IsType<NdpLinkLayerAddressOption>(option).LinkLayerAddress)));
        Assert.Equal(sent is { } mac ? [(type, Text(mac))] : [], read);
    }

    private static EthernetPacket Read(byte[] frame, MacAddress source, MacAddress destination)
    {
        var ethernet = Assert.IsType<EthernetPacket>(Packet.ParsePacket(LinkLayers.Ethernet, frame));
        Assert.Equal((Text(source), Text(destination)), (Text(ethernet.SourceHardwareAddress), Text(ethernet.DestinationHardwareAddress)));
        return ethernet;
    }

    private static byte[] Question(MacAddress mac, MacAddress other, Ipv4 ip, Ipv4 otherIp, byte[] data)
    {
        var message = new IcmpV4Packet(new(new byte[8])) { TypeCode = IcmpV4TypeCode.EchoRequest, Id = 0x1234, Sequence = 7, Data = data };
        message.UpdateIcmpChecksum();
        var packet = new IPv4Packet(IPAddress.Parse(Text(otherIp)), IPAddress.Parse(Text(ip))) { PayloadPacket = message, Protocol = ProtocolType.Icmp };
        packet.UpdateIPChecksum();
        return new EthernetPacket(PhysicalAddress.Parse(Text(other)), PhysicalAddress.Parse(Text(mac)), EthernetType.IPv4) { PayloadPacket = packet }.Bytes;
    }

    /// <summary>PacketDotNet builds no echo request of ICMPv6.</summary>
    private static byte[] Question(MacAddress mac, MacAddress other, Ipv6 ip, Ipv6 otherIp, byte[] data)
    {
        byte[] message = [128, 0, 0, 0, 0x12, 0x34, 0, 7, .. data];
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(Icmpv6.ChecksumOffset), Icmpv6.Checksum(otherIp, ip, message));
        var headers = new byte[EthernetHeader.Length + Ipv6Header.Length];
        new EthernetHeader(mac, other, EtherType.Ipv6).Write(headers);
        new Ipv6Header((ushort)message.Length, Icmpv6.NextHeader, 64, otherIp, ip).Write(headers.AsSpan(EthernetHeader.Length));
        return [.. headers, .. message];
    }

    private static string Text(MacAddress mac) => mac.ToString();

    private static string Text(PhysicalAddress mac) =>
        string.Join(':', mac.GetAddressBytes().Select(octet => octet.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));

    private static string Text(Ipv4 address) => address.ToString();

    private static string Text(Ipv6 address) => Plain(IPAddress.Parse(address.ToString()));

    /// <summary>One way to write an address, without a zone.</summary>
    private static string Plain(IPAddress address) => Convert.ToHexString(address.GetAddressBytes());
}
