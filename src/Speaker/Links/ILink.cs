using OrleansLb.Protocols;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker.Links;

/// <summary>An interface opened for one kind of frames. One thread receives; any thread sends.</summary>
public interface ILink : IDisposable
{
    string Name { get; }

    /// <summary>The interface's own address when the link was opened.</summary>
    MacAddress Mac { get; }

    /// <summary>Frames that came while nobody read and were lost, since the link was opened.</summary>
    long Dropped { get; }

    /// <summary>Blocks until a frame has come; returns its length, or 0 once the link is disposed.</summary>
    int Receive(Span<byte> frame);

    /// <summary>Hands a frame to the interface; false when it takes none (down, or its queue full).</summary>
    bool Send(ReadOnlySpan<byte> frame);

    /// <summary>Joins a multicast group on the interface, so that switches and the interface itself let it through (RFC 4861 §7.2.1).</summary>
    void Join(Ipv6 group);

    void Leave(Ipv6 group);
}
