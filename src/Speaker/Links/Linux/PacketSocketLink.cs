using System.Net.Sockets;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker.Links.Linux;

/// <summary>An interface opened by a packet socket (packet(7)), with a filter in the kernel and nothing allocated per frame.</summary>
internal sealed class PacketSocketLink : ILink
{
    internal const int SolPacket = 263;
    internal const int IgnoreOutgoing = 23;
    private const int Statistics = 6;

    private readonly Socket _socket;
    private readonly WakeEvent _wake = new();
    private readonly SolicitedNodeGroups _groups;
    private readonly VirtualStations _stations;
    private long _dropped;
    private bool _disposed;

    private PacketSocketLink(Socket socket, INetworkScope scope, LinkDevice device)
    {
        (_socket, _groups, _stations) = (socket, new(scope, device.Index), new(scope, device, socket));
        (Name, Mac) = (device.Name, device.Mac);
        _socket.Blocking = false;
    }

    public string Name { get; }

    public MacAddress Mac { get; }

    public long Dropped
    {
        get
        {
            Span<byte> counters = stackalloc byte[8]; // frames seen, frames dropped; the kernel starts both again from zero
            try
            {
                _socket.GetRawSocketOption(SolPacket, Statistics, counters);
            }
            catch (ObjectDisposedException)
            {
                // what was dropped until then stays true
            }
            return Interlocked.Add(ref _dropped, BitConverter.ToUInt32(counters[4..]));
        }
    }

    public static PacketSocketLink Open(INetworkScope scope, LinkDevice device, LinkTraffic traffic) =>
        new(scope.Run(() => Bind(device.Index, traffic)), scope, device);

    /// <summary>Asks for no protocol until the filter stands: otherwise frames would be queued before it.</summary>
    private static Socket Bind(int index, LinkTraffic traffic)
    {
        var socket = new Socket(AddressFamily.Packet, SocketType.Raw, (ProtocolType)0);
        try
        {
            PacketFilter.Attach(socket, traffic);
            socket.SetRawSocketOption(SolPacket, IgnoreOutgoing, BitConverter.GetBytes(1));
            socket.Bind(new PacketEndPoint(TypeOf(traffic), index));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static EtherType TypeOf(LinkTraffic traffic) => traffic switch
    {
        LinkTraffic.Arp => EtherType.Arp,
        LinkTraffic.Echo => EtherType.Ipv4,
        _ => EtherType.Ipv6,
    };

    public int Receive(Span<byte> frame)
    {
        try
        {
            while (_wake.WaitFor(_socket.SafeHandle))
            {
                // An error here (the interface went down) is told once, and the socket works again when the interface does.
                var length = _socket.Receive(frame, SocketFlags.None, out var error);
                if (error == SocketError.Success && length > 0) return length;
            }
        }
        catch (ObjectDisposedException)
        {
            // disposed between two frames
        }
        return 0;
    }

    public bool Send(ReadOnlySpan<byte> frame)
    {
        try
        {
            return _socket.Send(frame, SocketFlags.None, out var error) == frame.Length && error == SocketError.Success;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    public void Join(Ipv6 group) => _groups.Join(group);

    public void Leave(Ipv6 group) => _groups.Leave(group);

    public void TakeStation(MacAddress mac) => _stations.Take(mac);

    public void LeaveStation(MacAddress mac) => _stations.Leave(mac);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true)) return;
        _wake.Set();
        _socket.Dispose();
        _groups.Dispose();
        _stations.Dispose();
        _wake.Dispose();
    }
}
