using System.Collections.Immutable;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker.Links.Memory;

/// <summary>A station's place on a <see cref="MemorySegment"/>: its network card and cable.</summary>
public sealed class MemoryPort : IDisposable
{
    private readonly MemorySegment _segment;
    private ImmutableArray<MemoryLink> _links = [];
    private volatile bool _carrier = true;

    internal MemoryPort(MemorySegment segment, MacAddress mac) => (_segment, Mac) = (segment, mac);

    public MacAddress Mac { get; }

    /// <summary>Is the cable in: without it nothing comes and nothing goes.</summary>
    public bool Carrier
    {
        get => _carrier;
        set
        {
            _carrier = value;
            if (!value) _segment.Forget(this);
        }
    }

    /// <summary>Opens the card under a name, for one kind of frames.</summary>
    public ILink Open(string name, LinkTraffic traffic)
    {
        var link = new MemoryLink(this, name, traffic);
        ImmutableInterlocked.Update(ref _links, links => links.Add(link));
        return link;
    }

    /// <summary>Puts a frame on the segment; false without carrier.</summary>
    public bool Send(ReadOnlySpan<byte> frame)
    {
        if (!_carrier) return false;
        _segment.Carry(this, frame);
        return true;
    }

    /// <summary>Takes the station off the segment.</summary>
    public void Dispose()
    {
        Carrier = false;
        _segment.Unplug(this);
    }

    internal void Close(MemoryLink link) => ImmutableInterlocked.Update(ref _links, links => links.Remove(link));

    internal void Deliver(MacAddress destination, ReadOnlyMemory<byte> frame)
    {
        if (!_carrier || !(destination.IsGroup || destination == Mac || _links.Any(link => link.Takes(destination)))) return;
        foreach (var link in _links) link.Deliver(frame);
    }
}
