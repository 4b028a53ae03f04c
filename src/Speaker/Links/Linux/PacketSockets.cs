using System.Net.Sockets;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker.Links.Linux;

/// <summary>
/// Opens the packet sockets of a link. Frames that are to be answered at once come by one socket for each processor (PACKET_FANOUT_CPU), so that the
/// reader knows which of them has taken a frame off the interface; others, and those of a kernel that cannot do so, by a single one.
/// </summary>
internal static class PacketSockets
{
    private const int Fanout = 18;
    private const uint ByProcessor = 2, UniqueGroup = 0x2000, WithoutOutgoing = 0x4000;
    private const int ProcessorsConfigured = 83; // _SC_NPROCESSORS_CONF: those of the machine, whatever the process may use
    private const int MostSockets = 256;

    /// <summary>Some 1,300 frames, as of a node that takes over hundreds of addresses: the system's usual buffer holds 270.</summary>
    private const int Buffer = 1 << 20;

    /// <summary>To be called within the network stack in question.</summary>
    public static Socket[] Open(int interfaceIndex, LinkTraffic traffic)
    {
        var first = Bind(interfaceIndex, traffic);
        var processors = (int)LibC.SystemConfiguration(ProcessorsConfigured);
        if (traffic is not (LinkTraffic.Arp or LinkTraffic.Ndp) || processors is < 2 or > MostSockets || BeginGroup(first) is not { } group)
            return [Admit(first, traffic)];
        var sockets = new List<Socket> { first };
        try
        {
            while (sockets.Count < processors) sockets.Add(Join(Bind(interfaceIndex, traffic), group));
            foreach (var socket in sockets) Admit(socket, traffic);
            return [.. sockets];
        }
        catch
        {
            foreach (var socket in sockets) socket.Dispose();
            throw;
        }
    }

    /// <summary>Takes no frame yet: those that came before it is of a group would be read twice.</summary>
    private static Socket Bind(int interfaceIndex, LinkTraffic traffic)
    {
        var socket = new Socket(AddressFamily.Packet, SocketType.Raw, (ProtocolType)0);
        try
        {
            PacketFilter.AttachNothing(socket);
            ReceiveBuffer.Enlarge(socket, Buffer);
            socket.SetRawSocketOption(PacketSocketLink.SolPacket, PacketSocketLink.IgnoreOutgoing, BitConverter.GetBytes(1));
            socket.Bind(new PacketEndPoint(TypeOf(traffic), interfaceIndex));
            socket.Blocking = false;
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket Admit(Socket socket, LinkTraffic traffic)
    {
        PacketFilter.Attach(socket, traffic);
        return socket;
    }

    /// <summary>Makes the socket the first of a group of its own; null where the kernel has no such groups.</summary>
    private static uint? BeginGroup(Socket socket)
    {
        try
        {
            socket.SetRawSocketOption(PacketSocketLink.SolPacket, Fanout, BitConverter.GetBytes((ByProcessor | UniqueGroup | WithoutOutgoing) << 16));
            Span<byte> group = stackalloc byte[sizeof(uint)];
            socket.GetRawSocketOption(PacketSocketLink.SolPacket, Fanout, group);
            return BitConverter.ToUInt32(group) & ushort.MaxValue;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static Socket Join(Socket socket, uint group)
    {
        socket.SetRawSocketOption(PacketSocketLink.SolPacket, Fanout, BitConverter.GetBytes(group | ((ByProcessor | WithoutOutgoing) << 16)));
        return socket;
    }

    private static EtherType TypeOf(LinkTraffic traffic) => traffic switch
    {
        LinkTraffic.Arp => EtherType.Arp,
        LinkTraffic.Echo => EtherType.Ipv4,
        _ => EtherType.Ipv6,
    };
}
