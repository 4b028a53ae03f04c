using System.Runtime.CompilerServices;
using OrleansLb.Core.Addressing;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Silo.Lab.Network;

/// <summary>The interfaces of a process that can be stopped: frames wait meanwhile where the kernel keeps them, and are all read when it goes on.</summary>
internal sealed class StoppableLinks(ILinkProvider links, StopGate gate) : ILinkProvider
{
    public async IAsyncEnumerable<LinksChange> Watch([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var change in links.Watch(cancellation))
        {
            await gate.Passed.WaitAsync(cancellation);
            yield return change;
        }
    }

    public void Bear(string name, Address address, TimeSpan lifetime) => links.Bear(name, address, lifetime);

    public void Release(string name, Address address) => links.Release(name, address);

    public ILink Open(string name, LinkTraffic traffic) => new Stoppable(links.Open(name, traffic), gate);

    private sealed class Stoppable(ILink link, StopGate gate) : ILink
    {
        public string Name => link.Name;

        public MacAddress Mac => link.Mac;

        public long Dropped => link.Dropped;

        /// <summary>A thread that waits for a frame is stopped there: it has the frame in its hands when it goes on.</summary>
        public int Receive(Span<byte> frame)
        {
            var length = link.Receive(frame);
            gate.Passed.Wait();
            return length;
        }

        public bool Send(ReadOnlySpan<byte> frame) => link.Send(frame);

        public void Join(Ipv6 group) => link.Join(group);

        public void Leave(Ipv6 group) => link.Leave(group);

        public void Dispose() => link.Dispose();
    }
}
