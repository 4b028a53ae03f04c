using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Threading.Channels;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker.Links.Memory;

/// <summary>
/// An Ethernet segment in memory: a learning bridge with ports. Frames are the real ones, byte for byte; it stands in where there is no right to make
/// network namespaces, and where a test wants to see every frame.
/// </summary>
public sealed class MemorySegment(TimeProvider time)
{
    private readonly ConcurrentDictionary<MacAddress, MemoryPort> _learned = new();
    private ImmutableArray<MemoryPort> _ports = [];
    private ImmutableArray<ChannelWriter<CapturedFrame>> _captures = [];

    /// <summary>Adds a port for a station with this address.</summary>
    public MemoryPort Plug(MacAddress mac)
    {
        var port = new MemoryPort(this, mac);
        ImmutableInterlocked.Update(ref _ports, ports => ports.Add(port));
        return port;
    }

    /// <summary>Every frame from now on, in the order in which the segment carried them.</summary>
    public ChannelReader<CapturedFrame> Capture()
    {
        var capture = Channel.CreateUnbounded<CapturedFrame>();
        ImmutableInterlocked.Update(ref _captures, captures => captures.Add(capture.Writer));
        return capture.Reader;
    }

    /// <summary>The port behind which a station was last heard, as the bridge's forwarding table has it.</summary>
    public MemoryPort? PortOf(MacAddress mac) => _learned.GetValueOrDefault(mac);

    internal void Unplug(MemoryPort port)
    {
        ImmutableInterlocked.Update(ref _ports, ports => ports.Remove(port));
        Forget(port);
    }

    internal void Forget(MemoryPort port)
    {
        foreach (var (mac, _) in _learned.Where(learned => learned.Value == port)) _learned.TryRemove(new(mac, port));
    }

    internal void Carry(MemoryPort from, ReadOnlySpan<byte> bytes)
    {
        if (!EthernetHeader.TryRead(bytes, out var header)) return;
        _learned[header.Source] = from;
        ReadOnlyMemory<byte> frame = bytes.ToArray();
        foreach (var capture in _captures) capture.TryWrite(new(time.GetTimestamp(), from, frame));
        if (!header.Destination.IsGroup && _learned.TryGetValue(header.Destination, out var to)) Deliver(to, from, header.Destination, frame);
        else foreach (var port in _ports) Deliver(port, from, header.Destination, frame);
    }

    private static void Deliver(MemoryPort to, MemoryPort from, MacAddress destination, ReadOnlyMemory<byte> frame)
    {
        if (to != from) to.Deliver(destination, frame);
    }
}
