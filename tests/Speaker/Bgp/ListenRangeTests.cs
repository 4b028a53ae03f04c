using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Protocols.Bgp;
using OrleansLb.Speaker.Bgp;
using OrleansLb.Speaker.Links;
using Prefix = OrleansLb.Core.Addressing.Prefix;

namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>Neighbours that are known by the range that they connect from.</summary>
public sealed class ListenRangeTests : LoopbackSpeakerTests
{
    private static readonly IPEndPoint Ours = new(new IPAddress([127, 91, (byte)(Environment.ProcessId >> 8), (byte)Environment.ProcessId]), 1790);

    public ListenRangeTests() : base(new(), LogLevel.Trace, Ours)
    {
    }

    [Fact]
    public async Task Each_neighbour_has_a_session_of_its_own_with_the_routes_of_the_peer()
    {
        await Speaker.Whole(1, 1, [Range("127.0.0.0/28")], Plan.Routes("203.0.113.1/32"));
        using var first = await Establish("127.0.0.2");
        using var second = await Establish("127.0.0.3", "192.0.2.3");
        foreach (var neighbour in (ScriptedConnection[])[first, second])
            Assert.Equal(1, (await neighbour.ReadUntil<ReceivedUpdate>(update => update.Announced > 0)).Announced);
        Assert.Equal(["router/127.0.0.2", "router/127.0.0.3"], Speaker.Sessions.Select(session => session.Peer.Name));

        await Speaker.Step(1, 2, Plan.Routes("203.0.113.2/32"), []);
        foreach (var neighbour in (ScriptedConnection[])[first, second])
            Assert.Equal(1, (await neighbour.ReadUntil<ReceivedUpdate>(update => update.Announced > 0)).Announced);
    }

    [Theory]
    [InlineData("127.0.1.2", "192.0.2.2")]
    [InlineData("127.0.0.16", "192.0.2.2")]
    public async Task A_host_outside_the_range_is_told_so(string from, string id)
    {
        await Speaker.Whole(1, 1, [Range("127.0.0.0/28")], []);
        using var stranger = await ScriptedPeer.Dial(from, Ours);
        stranger.Send(Open(id));
        Assert.Equal(Notification.Cease(CeaseSubcode.ConnectionRejected), await stranger.Read<Notification>());
        await stranger.ReadEnd();
        Assert.Empty(Speaker.Sessions);
    }

    [Fact]
    public async Task Beyond_the_limit_nobody_is_let_in_until_one_is_away()
    {
        await Speaker.Whole(1, 1, [Range("127.0.0.0/28", limit: 1)], []);
        using (var first = await Establish("127.0.0.2"))
        {
            await Speaker.UntilEstablished();
            using var refused = await ScriptedPeer.Dial("127.0.0.3", Ours);
            Assert.Equal(Notification.Cease(CeaseSubcode.ConnectionRejected), await refused.Read<Notification>());
            Assert.Equal("router/127.0.0.2", Assert.Single(Speaker.Sessions).Peer.Name);
        }

        await Speaker.Until(status => status.State == PeerState.Idle);
        Time.Advance(TimeSpan.FromSeconds(1)); // the wait in Idle is over, and it does not come back
        await Speaker.Until(status => status.State == PeerState.Active);
        Time.Advance(TimeSpan.FromSeconds(3));
        using var second = await Establish("127.0.0.3");
        Assert.Equal("router/127.0.0.2", (await UntilGone()).Peer);
        Assert.Equal("router/127.0.0.3", (await Speaker.UntilEstablished()).Peer);
    }

    [Fact]
    public async Task A_narrower_range_ends_the_sessions_that_it_leaves_out_and_no_others()
    {
        await Speaker.Whole(1, 1, [Range("127.0.0.0/28")], []);
        using var stays = await Establish("127.0.0.2");
        using var goes = await Establish("127.0.0.12");
        await Speaker.Step(1, 2, Plan.Routes("203.0.113.1/32"), [], [Range("127.0.0.0/29")]);
        Assert.Equal(Notification.Cease(CeaseSubcode.PeerDeconfigured), await goes.ReadUntil<Notification>());
        Assert.Equal(1, (await stays.ReadUntil<ReceivedUpdate>(update => update.Announced > 0)).Announced);
        Assert.Equal(("router/127.0.0.2", 0), (Assert.Single(Speaker.Sessions).Peer.Name, Speaker.Sessions[0].Flaps));
        Assert.Equal("router/127.0.0.12", (await UntilGone()).Peer);
    }

    [Fact]
    public async Task A_peer_that_stops_being_a_range_or_goes_takes_its_neighbours_with_it()
    {
        await Speaker.Whole(1, 1, [Range("127.0.0.0/28")], []);
        using var neighbour = await Establish("127.0.0.2");
        await Speaker.Step(1, 2, [], [], [Plan.Peer("127.0.0.99")]);
        Assert.Equal(Notification.Cease(CeaseSubcode.PeerDeconfigured), await neighbour.ReadUntil<Notification>());
        Assert.Equal("router", Assert.Single(Speaker.Sessions).Peer.Name);
    }

    [Fact]
    public async Task The_narrowest_range_has_a_neighbour_and_a_peer_by_address_goes_before_every_range()
    {
        var named = Plan.Peer("127.0.0.4") with { Name = "named", Passive = true };
        await Speaker.Whole(1, 1, [Range("127.0.0.0/24") with { Name = "wide" }, Range("127.0.0.0/28") with { Name = "narrow" }, named], []);
        using var one = await Establish("127.0.0.2");
        using var two = await Establish("127.0.0.77");
        using var three = await Establish("127.0.0.4");
        Assert.Equal(["named", "narrow/127.0.0.2", "wide/127.0.0.77"], Speaker.Sessions.Select(session => session.Peer.Name));
    }

    [Fact]
    public async Task The_password_of_a_range_is_asked_of_everybody_in_it()
    {
        await Speaker.Whole(1, 1, [Range("127.0.0.0/28") with { Password = new("s3cret") }], []);
        using var knows = await Establish("127.0.0.2", password: "s3cret");
        await Speaker.UntilEstablished();
        using var guesses = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        guesses.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.3"), 0));
        var connected = guesses.ConnectAsync(Ours, TestContext.Current.CancellationToken).AsTask();

        await Speaker.Step(1, 2, Plan.Routes("203.0.113.1/32"), [], [Range("127.0.0.0/28") with { Password = new("another") }]);
        knows.SetKey(Ours.Address, "another");
        Assert.Equal(1, (await knows.ReadUntil<ReceivedUpdate>(update => update.Announced > 0)).Announced); // under the new key
        Assert.False(connected.IsCompletedSuccessfully);
        Assert.Equal("router/127.0.0.2", Assert.Single(Speaker.Sessions).Peer.Name);
        guesses.Dispose();
        await connected.ContinueWith(static _ => { }, TaskScheduler.Default);
    }

    [Fact]
    public async Task A_neighbour_that_went_away_is_remembered_for_a_while()
    {
        await Speaker.Whole(1, 1, [Range("127.0.0.0/28")], []);
        using (var neighbour = await Establish("127.0.0.2")) await Speaker.UntilEstablished();
        var lost = await Speaker.Until(status => status.State == PeerState.Idle);
        Assert.Equal(1, lost.Flaps);
        Time.Advance(TimeSpan.FromSeconds(2)); // the wait in Idle is over
        await Speaker.Until(status => status.State == PeerState.Active);
        Assert.Single(Speaker.Sessions);
        Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("router/127.0.0.2", (await UntilGone()).Peer);
        Assert.Empty(Speaker.Sessions);
    }

    private static BgpPeer Range(string prefix, int limit = ListenRange.DefaultLimit) =>
        Plan.Peer() with { Address = null, Range = new(Prefix.Parse(prefix), limit), NextHop = new(Address.Parse("192.0.2.9"), null) };

    private static OpenMessage Open(string id) => ScriptedPeer.Ipv4Open with { RouterId = RouterId.Parse(id) };

    private static async Task<ScriptedConnection> Establish(string from, string id = "192.0.2.2", string? password = null)
    {
        var connection = await ScriptedPeer.Dial(from, Ours, password);
        await connection.Establish(Open(id));
        return connection;
    }

    private async Task<SpeakerFact.PeerGone> UntilGone()
    {
        using var patience = new CancellationTokenSource(Wire.Patience);
        await foreach (var fact in Speaker.Facts.ReadAllAsync(patience.Token))
        {
            if (fact is SpeakerFact.PeerGone gone) return gone;
        }

        throw new EndOfStreamException("The speaker stopped and never told it.");
    }
}
