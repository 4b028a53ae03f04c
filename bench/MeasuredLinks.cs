using OrleansLb.Protocols;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Bench;

/// <summary>Interfaces that note how much the thread that reads them has allocated, from frame to frame.</summary>
internal sealed class MeasuredLinks(ILinkProvider links) : ILinkProvider
{
    private Func<(long, long)> _reading = () => default;

    /// <summary>Frames read and bytes allocated by the reading thread, up to the latest frame, on the link that was opened last.</summary>
    public (long Frames, long Bytes) Reading => _reading();

    public IAsyncEnumerable<LinksChange> Watch(CancellationToken cancellation) => links.Watch(cancellation);

    public ILink Open(string name, LinkTraffic traffic)
    {
        var opened = new MeasuredLink(links.Open(name, traffic));
        if (traffic is LinkTraffic.Arp or LinkTraffic.Ndp) _reading = () => opened.Reading; // not the one that answers pings
        return opened;
    }

    private sealed class MeasuredLink(ILink link) : ILink
    {
        private long _frames;
        private long _bytes;

        public (long, long) Reading => (Volatile.Read(ref _frames), Volatile.Read(ref _bytes));

        public string Name => link.Name;

        public MacAddress Mac => link.Mac;

        public long Dropped => link.Dropped;

        public int Receive(Span<byte> frame)
        {
            Volatile.Write(ref _bytes, GC.GetAllocatedBytesForCurrentThread());
            var length = link.Receive(frame);
            Volatile.Write(ref _frames, _frames + 1);
            return length;
        }

        public bool Send(ReadOnlySpan<byte> frame) => link.Send(frame);

        public void Join(Ipv6 group) => link.Join(group);

        public void Leave(Ipv6 group) => link.Leave(group);

        public void Dispose() => link.Dispose();
    }
}
