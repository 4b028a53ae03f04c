using Microsoft.Extensions.Logging;
using OrleansLb.Core.Addressing;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Responding;

/// <summary>
/// Answers for the announced addresses of one family on one interface: a thread of its own reads, judges and replies. Addresses are added, removed and
/// announced by the speaker, never by that thread.
/// </summary>
internal abstract class Responder(ILink link, ILogger log) : IDisposable
{
    /// <summary>More than any frame of the two protocols takes; a longer one is cut and then refused as malformed.</summary>
    private const int FrameLength = 2048;

    private Thread? _thread;

    public ILink Link => link;

    /// <summary>How many addresses are answered for.</summary>
    public abstract int Count { get; }

    public abstract void Add(Address address);

    /// <summary>Falls silent for the address, at once and without a word.</summary>
    public abstract void Remove(Address address);

    /// <summary>Tells the segment where the address is; false when the interface took no frame.</summary>
    public abstract bool Announce(Address address);

    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = $"{GetType().Name} {link.Name}" };
        _thread.Start();
    }

    public void Dispose()
    {
        link.Dispose();
        _thread?.Join();
    }

    protected abstract void Handle(ReadOnlySpan<byte> frame);

    private void Run()
    {
        ThreadUrgency.Raise();
        Span<byte> frame = stackalloc byte[FrameLength];
        while (link.Receive(frame) is > 0 and var length)
        {
            try
            {
                Handle(frame[..length]);
            }
            catch (Exception bug) // no frame may silence the answers to the next
            {
                log.FrameNotHandled(bug, link.Name, Convert.ToHexStringLower(frame[..length]));
            }
        }
    }
}
