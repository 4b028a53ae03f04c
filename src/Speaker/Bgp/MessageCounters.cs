using OrleansLb.Core.Announcements;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>Counts the messages of a session in one direction; written by one thread, read by any.</summary>
internal sealed class MessageCounters
{
    private readonly long[] _counts = new long[(int)BgpMessageType.RouteRefresh + 1];

    public void Count(BgpMessageType type, int messages = 1) => Interlocked.Add(ref _counts[(int)type], messages);

    public MessageCounts Read() => new(
        Of(BgpMessageType.Open), Of(BgpMessageType.Update), Of(BgpMessageType.Notification), Of(BgpMessageType.Keepalive), Of(BgpMessageType.RouteRefresh));

    public long Of(BgpMessageType type) => Interlocked.Read(ref _counts[(int)type]);
}
