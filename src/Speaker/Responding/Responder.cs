using Microsoft.Extensions.Logging;
using OrleansLb.Core.Addressing;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Responding;

/// <summary>
/// Reads the frames of one kind on one interface, judges and answers them, on a thread of its own. Addresses are added, removed and announced by the speaker,
/// never by that thread.
/// </summary>
internal abstract class Responder(ILink link, ILogger log) : IDisposable
{
    private Thread? _thread;

    public ILink Link => link;

    public virtual void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = $"{GetType().Name} {link.Name}" };
        _thread.Start();
    }

    public virtual void Dispose()
    {
        link.Dispose();
        _thread?.Join();
    }

    /// <summary>More than any frame of the kind takes; a longer one is cut and then refused.</summary>
    protected virtual int FrameLength => 2048;

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
