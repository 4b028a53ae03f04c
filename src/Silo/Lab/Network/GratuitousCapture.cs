using System.Collections.Immutable;
using OrleansLb.Core.Addressing;
using OrleansLb.Protocols.Arp;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Silo.Lab.Network;

/// <summary>Listens on the client's interface and keeps, with its time, every gratuitous ARP frame that it hears.</summary>
internal sealed class GratuitousCapture : IDisposable
{
    private const int LongestArpFrame = 64;

    private readonly ILink _link;
    private readonly TimeProvider _time;
    private readonly Thread _listener;
    private ImmutableList<Sighting> _seen = [];
    private TaskCompletionSource _more = NewSignal();

    private GratuitousCapture(ILink link, TimeProvider time)
    {
        (_link, _time) = (link, time);
        _listener = new Thread(Listen) { IsBackground = true, Name = "lab capture" };
    }

    public static GratuitousCapture Start(ILink link, TimeProvider time)
    {
        var capture = new GratuitousCapture(link, time);
        capture._listener.Start();
        return capture;
    }

    /// <summary>The first frame, of those heard already or yet to come, that is wanted.</summary>
    public async Task<Sighting> First(Func<Sighting, bool> wanted, CancellationToken cancellation)
    {
        while (true)
        {
            var more = Volatile.Read(ref _more).Task; // before the look, so that no frame falls between look and wait
            if (Volatile.Read(ref _seen).Find(sighting => wanted(sighting)) is { } sighting) return sighting;
            await more.WaitAsync(cancellation);
        }
    }

    public IReadOnlyList<Sighting> Since(long time) => Volatile.Read(ref _seen).FindAll(sighting => sighting.At >= time);

    public void Dispose()
    {
        _link.Dispose();
        _listener.Join();
    }

    private void Listen()
    {
        Span<byte> frame = stackalloc byte[LongestArpFrame];
        while (_link.Receive(frame) is > 0 and var length)
        {
            var now = _time.GetTimestamp();
            if (!ArpFrame.TryRead(frame[..length], out var arp) || !arp.Packet.IsGratuitous) continue;
            Keep(new Sighting(new Address(IpFamily.IPv4, arp.Packet.SenderIp.Value), arp.Packet.SenderMac, now));
        }
    }

    private void Keep(Sighting sighting)
    {
        Volatile.Write(ref _seen, _seen.Add(sighting));
        Interlocked.Exchange(ref _more, NewSignal()).SetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
