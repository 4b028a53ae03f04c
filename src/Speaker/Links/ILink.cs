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

    /// <summary>
    /// Makes the interface, and the kernel behind it, take frames to one more station address, until it is left or the process ends. Throws
    /// <see cref="LinkException"/> where it cannot; the message says what is in the way.
    /// </summary>
    void TakeStation(MacAddress mac) => throw new LinkException($"{Name} takes frames to its own hardware address only.");

    /// <summary>Leaves it as often as it was taken: then its frames are for others.</summary>
    void LeaveStation(MacAddress mac)
    {
        // a link that never took one has none to leave
    }
}
