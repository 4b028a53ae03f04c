using System.Threading.Channels;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Tests.Namespaces;

/// <summary>A host's raw socket: it sends any bytes, and keeps every frame that comes.</summary>
internal sealed class RawClient : IDisposable
{
    /// <summary>How long a host waits for an answer before it asks again; it asks three times (RFC 4861 §10).</summary>
    private static readonly TimeSpan RetransTimer = TimeSpan.FromSeconds(1);
    private const int Tries = 3;

    private readonly Channel<byte[]> _heard = Channel.CreateUnbounded<byte[]>();
    private readonly ILink _link;
    private readonly Thread _reader;

    public RawClient(NamespaceLab lab, string host, LinkTraffic traffic)
    {
        _link = lab.Links(host).Open("eth0", traffic);
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
    }

    public MacAddress Mac => _link.Mac;

    /// <summary>False when the kernel takes no such frame: one without a whole Ethernet header.</summary>
    public bool Send(ReadOnlySpan<byte> frame) => _link.Send(frame);

    /// <summary>Asks, as a host does, and returns every frame that came before the answer; fails when none comes.</summary>
    public async Task<List<byte[]>> Ask(byte[] question, Predicate<byte[]> isAnswer)
    {
        var before = new List<byte[]>();
        for (var tries = 0; tries < Tries; tries++)
        {
            Assert.True(Send(question));
            using var late = new CancellationTokenSource(RetransTimer);
            try
            {
                while (await _heard.Reader.ReadAsync(late.Token) is { } frame)
                {
                    if (isAnswer(frame)) return before;
                    before.Add(frame);
                }
            }
            catch (OperationCanceledException)
            {
                // asked again
            }
        }
        Assert.Fail($"A valid question had no answer in {Tries} tries; {before.Count} other frames came.");
        return before;
    }

    public void Dispose()
    {
        _link.Dispose();
        _reader.Join();
    }

    /// <summary>A question by ARP; the answer to it goes to <paramref name="from"/>, which tells it from others.</summary>
    public static byte[] ArpQuestion(MacAddress mac, string from, string target) =>
        ArpFrame.To(MacAddress.Broadcast, new(ArpOperation.Request, mac, Ipv4.Parse(from), MacAddress.None, Ipv4.Parse(target))).Bytes();

    public static bool IsArpAnswer(ReadOnlySpan<byte> frame, string to) =>
        ArpFrame.TryRead(frame, out var arp) && arp.Packet.Operation == ArpOperation.Reply && arp.Packet.TargetIp == Ipv4.Parse(to);

    public static byte[] NdpQuestion(MacAddress mac, string from, string target)
    {
        var group = Ipv6.Parse(target).SolicitedNode;
        return new NdpFrame(MacAddress.ForGroup(group), mac, group, Ipv6.Parse(from),
            new(NdpType.NeighborSolicitation, NeighborFlags.None, Ipv6.Parse(target), mac)).Bytes();
    }

    public static bool IsNdpAnswer(ReadOnlySpan<byte> frame, string to) =>
        NdpFrame.TryRead(frame, out var ndp, out _) && ndp.Message.Type == NdpType.NeighborAdvertisement && ndp.Destination == Ipv6.Parse(to);

    private void Read()
    {
        var buffer = new byte[2048];
        while (_link.Receive(buffer) is > 0 and var length) _heard.Writer.TryWrite(buffer[..length]);
    }
}
