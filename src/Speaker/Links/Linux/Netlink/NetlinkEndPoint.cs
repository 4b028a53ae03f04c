using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Speaker.Links.Linux.Netlink;

/// <summary>A netlink socket's own address: the groups whose events it hears (<c>struct sockaddr_nl</c>).</summary>
internal sealed class NetlinkEndPoint(NetlinkGroups groups) : EndPoint
{
    public const int Family = 16;
    private const int Length = 12;

    public override AddressFamily AddressFamily => AddressFamily.Unspecified; // .NET has no name for netlink's

    public override SocketAddress Serialize()
    {
        var address = new SocketAddress(AddressFamily.Unspecified, Length);
        BitConverter.TryWriteBytes(address.Buffer.Span, (ushort)Family);
        BitConverter.TryWriteBytes(address.Buffer.Span[8..], (uint)groups);
        return address;
    }
}
