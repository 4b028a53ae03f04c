using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker.Links.Linux;

/// <summary>Where a packet socket is bound: one kind of frames on one interface (<c>struct sockaddr_ll</c>).</summary>
internal sealed class PacketEndPoint(EtherType type, int interfaceIndex) : EndPoint
{
    private const int Length = 20;

    public override AddressFamily AddressFamily => AddressFamily.Packet;

    public override SocketAddress Serialize()
    {
        var address = new SocketAddress(AddressFamily.Packet, Length);
        BinaryPrimitives.WriteUInt16BigEndian(address.Buffer.Span[2..], (ushort)type);
        BitConverter.TryWriteBytes(address.Buffer.Span[4..], interfaceIndex);
        return address;
    }
}
