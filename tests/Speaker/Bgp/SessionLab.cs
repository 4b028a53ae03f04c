using System.Net;
using System.Threading.Channels;
using OrleansLb.Protocols.Bgp;
using OrleansLb.Speaker.Bgp;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>One session with a scripted peer, under a clock that the test moves.</summary>
internal sealed class SessionLab : IAsyncDisposable
{
    private readonly Channel<BgpSessionStatus> _statuses = Channel.CreateUnbounded<BgpSessionStatus>();
    private readonly BgpPeerSession? _session;

    public SessionLab(SpeakerSettings? settings = null, bool start = true)
    {
        Options = new() { Name = "router", Settings = settings ?? ScriptedPeer.Ours, Address = IPAddress.Loopback, Port = Peer.Port,
            Ipv4NextHop = IPAddress.Parse("192.0.2.1"), Ipv6NextHop = IPAddress.Parse("2001:db8::1") };
        Services = new(HostNetwork.Instance, Time, new TestOutputLog(), session => _statuses.Writer.TryWrite(session.Status));
        _session = start ? new(Options, Services) : null;
    }

    public ManualTime Time { get; } = new();

    public ScriptedPeer Peer { get; } = new();

    public BgpPeerOptions Options { get; }

    public BgpSessionServices Services { get; }

    public BgpPeerSession Session => _session ?? throw new InvalidOperationException("This lab was made without a session.");

    /// <summary>The status with which the session came into this state.</summary>
    public async Task<BgpSessionStatus> Until(BgpStateName state)
    {
        using var patience = new CancellationTokenSource(Wire.Patience);
        await foreach (var status in _statuses.Reader.ReadAllAsync(patience.Token))
        {
            if (status.State == state) return status;
        }

        throw new TimeoutException();
    }

    public static RouteSet Routes(params string[] prefixes) =>
        RouteSet.Of(prefixes.Select(prefix => new Route(new(Prefix.Parse(prefix)), PathAttributes.None)));

    public static RouteSet Hosts(int count) =>
        RouteSet.Of(Enumerable.Range(0, count)
            .Select(i => new Route(new(Prefix.From(new IPAddress([10, (byte)(i >> 16), (byte)(i >> 8), (byte)i]), 32)), PathAttributes.None)));

    public async ValueTask DisposeAsync()
    {
        Peer.Dispose();
        if (_session is not null) await _session.Kill();
    }
}
