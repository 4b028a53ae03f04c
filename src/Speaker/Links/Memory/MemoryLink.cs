using System.Collections.Concurrent;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;

namespace OrleansLb.Speaker.Links.Memory;

/// <summary>A <see cref="MemoryPort"/> opened for one kind of frames.</summary>
internal sealed class MemoryLink(MemoryPort port, string name, LinkTraffic traffic) : ILink
{
    /// <summary>As much as a packet socket's default buffer holds of small frames.</summary>
    private const int QueueLength = 256;

    private readonly ConcurrentDictionary<MacAddress, int> _stations = new();

    /// <summary>Also the monitor of its readers: a <c>BlockingCollection</c> would have each of them spin before it waits, with every frame.</summary>
    private readonly Queue<ReadOnlyMemory<byte>> _queue = new(QueueLength);
    private bool _closed;
    private long _dropped;

    public string Name { get; } = name;

    public MacAddress Mac => port.Mac;

    public long Dropped => Interlocked.Read(ref _dropped);

    public int Receive(Span<byte> frame)
    {
        if (Take() is not { } next) return 0;
        var length = Math.Min(next.Length, frame.Length);
        next.Span[..length].CopyTo(frame);
        return length;
    }

    public bool Send(ReadOnlySpan<byte> frame) => port.Send(frame);

    public void Join(Ipv6 group)
    {
        // the segment floods every group
    }

    public void Leave(Ipv6 group)
    {
        // the segment floods every group
    }

    public void TakeStation(MacAddress mac) => _stations.AddOrUpdate(mac, 1, static (_, holders) => holders + 1);

    public void LeaveStation(MacAddress mac)
    {
        if (_stations.AddOrUpdate(mac, 0, static (_, holders) => holders - 1) <= 0) _stations.TryRemove(mac, out _);
    }

    public void Dispose()
    {
        port.Close(this);
        lock (_queue)
        {
            _closed = true;
            Monitor.PulseAll(_queue);
        }
    }

    internal bool Takes(MacAddress station) => _stations.ContainsKey(station);

    internal void Deliver(ReadOnlyMemory<byte> frame)
    {
        if (!IsWanted(frame.Span)) return;
        lock (_queue)
        {
            if (_closed) return;
            if (_queue.Count == QueueLength)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }
            _queue.Enqueue(frame);
            Monitor.Pulse(_queue);
        }
    }

    /// <summary>Waits for the next frame; null once the link is closed and its queue empty.</summary>
    private ReadOnlyMemory<byte>? Take()
    {
        lock (_queue)
        {
            while (_queue.Count == 0)
            {
                if (_closed) return null;
                Monitor.Wait(_queue);
            }
            return _queue.Dequeue();
        }
    }

    /// <summary>What the packet socket's filter keeps.</summary>
    private bool IsWanted(ReadOnlySpan<byte> frame) => EthernetHeader.TryRead(frame, out var header) && traffic switch
    {
        LinkTraffic.Arp => header.EtherType == EtherType.Arp,
        LinkTraffic.Ndp =>
            IsCutShort(frame, header) || (IsIcmpv6(frame, header) && (NdpType)frame[54] is NdpType.NeighborSolicitation or NdpType.NeighborAdvertisement),
        LinkTraffic.Echo => header.EtherType == EtherType.Ipv4 && frame.Length > 34 && frame[23] == 1 && frame.Length > 14 + ((frame[14] & 15) * 4)
            && frame[14 + ((frame[14] & 15) * 4)] == 8,
        _ => IsIcmpv6(frame, header) && frame[54] == 128,
    };

    private static bool IsCutShort(ReadOnlySpan<byte> frame, EthernetHeader header) =>
        header.EtherType == EtherType.Ipv6 && (frame.Length < 54 || (frame.Length == 54 && frame[20] == Icmpv6.NextHeader));

    private static bool IsIcmpv6(ReadOnlySpan<byte> frame, EthernetHeader header) =>
        header.EtherType == EtherType.Ipv6 && frame.Length > 54 && frame[20] == Icmpv6.NextHeader;
}
