using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Speaker.Bgp;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>Where peers may connect.</summary>
public sealed class ListeningTests : LoopbackSpeakerTests
{
    private const int Port = 17900;

    // An address of its own for each test process, and for each test.
    private static int _tests;
    private readonly IPAddress _ours =
        new([127, (byte)(92 + Interlocked.Increment(ref _tests)), (byte)(Environment.ProcessId >> 8), (byte)Environment.ProcessId]);
    public ListeningTests() : base(new() { Repeats = true }, LogLevel.Trace)
    {
    }

    [Fact]
    public async Task A_peer_connects_where_it_is_listened_for_and_nowhere_once_it_is_gone()
    {
        await Speaker.Whole(1, 1, [Peer()], []);
        using (var peer = await ScriptedPeer.Dial("127.0.0.5", new(_ours, Port))) await peer.Establish(ScriptedPeer.Ipv4Open);
        await Speaker.Step(1, 2, [], [], [Peer() with { Listening = new([Address.From(_ours)], Port + 1) }]);
        await Refused(Port);
        using var moved = await ScriptedPeer.Dial("127.0.0.5", new(_ours, Port + 1));
        await Speaker.Step(1, 3, [], [], []);
        await Refused(Port + 1);
    }

    [Fact]
    public async Task A_port_that_another_program_has_is_named_and_taken_when_it_is_free()
    {
        using (var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp))
        {
            other.Bind(new IPEndPoint(_ours, Port));
            other.Listen();
            await Speaker.Whole(1, 1, [Peer()], []);
            Time.Advance(TimeSpan.FromSeconds(10));
            var status = await Speaker.Until(status => status.LastError is not null);
            Assert.Contains("cannot listen for the peer", status.LastError, StringComparison.Ordinal);
            Assert.Contains("listenPort", status.Advice, StringComparison.Ordinal);
            other.Shutdown(SocketShutdown.Both); // a process that another test starts has the socket too until it runs its program, and would listen so long
        }

        Time.Advance(TimeSpan.FromSeconds(10));
        await Daemon.Eventually(() => Answers(Port) ? "open" : "closed", answer => answer == "open");
        using var peer = await ScriptedPeer.Dial("127.0.0.5", new(_ours, Port));
        await peer.Establish(ScriptedPeer.Ipv4Open);
        await Speaker.UntilEstablished();
    }

    [Fact]
    public async Task A_peer_of_a_vrf_is_listened_for_in_that_vrf()
    {
        await using var lab = new BgpLab();
        lab.Keep(new Bird(lab,
            "protocol bgp node1 { local 192.0.2.254 as 64501; neighbor 192.0.2.1 as 64500; connect delay time 1; ipv4 { import all; export none; }; }"));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer() with { Passive = true, Vrf = "eth0" }], []); // any device does for a socket what a VRF's does
        await speaker.UntilEstablished();
    }

    [Fact]
    public async Task A_vrf_that_the_node_has_not_is_named()
    {
        await Speaker.Whole(1, 1, [Peer() with { Vrf = "red" }], []);
        Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Contains("no interface or VRF 'red'", (await Speaker.Until(status => status.LastError is not null)).LastError, StringComparison.Ordinal);
    }

    public static IEnumerable<TheoryDataRow<string, string, int, bool>> Places =>
    [
        new("0.0.0.0", "192.0.2.1", 179, true) { TestDisplayName = "every address has each" },
        new("0.0.0.0", "0.0.0.0", 179, false) { TestDisplayName = "itself" },
        new("0.0.0.0", "192.0.2.1", 1790, false) { TestDisplayName = "another port" },
        new("192.0.2.2", "192.0.2.1", 179, false) { TestDisplayName = "another address" },
        new("0.0.0.0", "2001:db8::1", 179, false) { TestDisplayName = "another family" },
        new("::", "2001:db8::1", 179, true) { TestDisplayName = "every address of IPv6" },
    ];

    [Theory, MemberData(nameof(Places))]
    public void One_socket_does_for_all_that_it_covers(string one, string other, int port, bool covers) =>
        Assert.Equal(covers, new ListeningPlace(new(IPAddress.Parse(one), 179), null).Covers(new(new(IPAddress.Parse(other), port), null)));

    private BgpPeer Peer() => Plan.Peer("127.0.0.5") with { Passive = true, Listening = new([Address.From(_ours)], Port) };

    private Task<string> Refused(int port) => Daemon.Eventually(() => Answers(port) ? "open" : "closed", answer => answer == "closed");

    private bool Answers(int port)
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Connect(_ours, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
