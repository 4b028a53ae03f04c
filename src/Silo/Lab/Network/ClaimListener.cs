using OrleansLb.Speaker.Links;

namespace OrleansLb.Silo.Lab.Network;

/// <summary>Reads an interface on a thread of its own and hands on each claim of an address that it hears.</summary>
internal sealed class ClaimListener : IDisposable
{
    private readonly ILink _link;
    private readonly Action<NeighbourClaim> _heard;
    private readonly Thread _thread;

    public ClaimListener(ILink link, Action<NeighbourClaim> heard)
    {
        (_link, _heard) = (link, heard);
        _thread = new Thread(Listen) { IsBackground = true, Name = $"lab {link.Name}" };
        _thread.Start();
    }

    public void Dispose()
    {
        _link.Dispose();
        _thread.Join();
    }

    private void Listen()
    {
        Span<byte> frame = stackalloc byte[NeighbourFrame.MaxLength];
        while (_link.Receive(frame) is > 0 and var length)
        {
            if (NeighbourFrame.TryReadClaim(frame[..length], out var claim)) _heard(claim);
        }
    }
}
