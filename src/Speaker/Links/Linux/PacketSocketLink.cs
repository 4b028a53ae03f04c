using System.Net.Sockets;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker.Links.Linux;

/// <summary>An interface opened by packet sockets (packet(7)), with a filter in the kernel and nothing allocated per frame.</summary>
internal sealed class PacketSocketLink : ILink
{
    internal const int SolPacket = 263;
    internal const int IgnoreOutgoing = 23;
    private const int Statistics = 6;

    private readonly Socket[] _sockets;
    private readonly SocketWait _wait;
    private readonly SolicitedNodeGroups _groups;
    private readonly VirtualStations _stations;
    private ProcessorFollower? _follower;
    private int? _takenBy;
    private long _dropped;
    private bool _disposed;

    private PacketSocketLink(Socket[] sockets, INetworkScope scope, LinkDevice device)
    {
        (_sockets, _wait, _groups, _stations) = (sockets, new(sockets), new(scope, device.Index), new(scope, device, sockets[0]));
        (Name, Mac) = (device.Name, device.Mac);
    }

    public string Name { get; }

    public MacAddress Mac { get; }

    public long Dropped => Interlocked.Add(ref _dropped, _sockets.Sum(DroppedSinceAsked));

    public static PacketSocketLink Open(INetworkScope scope, LinkDevice device, LinkTraffic traffic) =>
        new(scope.Run(() => PacketSockets.Open(device.Index, traffic)), scope, device);

    /// <inheritdoc/>
    /// <remarks>The thread goes where the last frame was taken in only now, when that has been answered.</remarks>
    public int Receive(Span<byte> frame)
    {
        try
        {
            if (_takenBy is { } processor) (_follower ??= ProcessorFollower.ForThisThread()).Follow(processor);
            while (_wait.Next() is >= 0 and var ready)
            {
                // An error here (the interface went down) is told once, and the socket works again when the interface does.
                var length = _sockets[ready].Receive(frame, SocketFlags.None, out var error);
                if (error != SocketError.Success || length <= 0) continue;
                if (_sockets.Length > 1) _takenBy = ready;
                return length;
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
            return _sockets[0].Send(frame, SocketFlags.None, out var error) == frame.Length && error == SocketError.Success;
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
        _wait.End();
        foreach (var socket in _sockets) socket.Dispose();
        _groups.Dispose();
        _stations.Dispose();
        _wait.Dispose();
    }

    private static long DroppedSinceAsked(Socket socket)
    {
        Span<byte> counters = stackalloc byte[8]; // frames seen, frames dropped; the kernel starts both again from zero
        try
        {
            socket.GetRawSocketOption(SolPacket, Statistics, counters);
        }
        catch (ObjectDisposedException)
        {
            // what was dropped until then stays true
        }
        return BitConverter.ToUInt32(counters[4..]);
    }
}
