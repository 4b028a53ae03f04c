using System.Net;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>Plans that begin anew under a running session, of a node's grain that lost its memory: what its router hears of it.</summary>
public sealed class BeginningAnewTests() : LoopbackSpeakerTests(new ManualTime(), LogLevel.Debug)
{
    private readonly ScriptedPeer _router = new(IPAddress.Parse("127.0.0.7"));

    private BgpPeer Peer => Plan.Peer("127.0.0.7") with { Port = _router.Port, NextHop = new(Address.Parse("192.0.2.9"), null) };

    [Fact]
    public async Task A_route_that_the_new_plan_does_not_know_goes_once_it_is_complete_and_nothing_else_does()
    {
        await Speaker.Whole(1, 1, [Peer], Plan.Routes("203.0.113.1/32", "203.0.113.2/32"));
        using var router = await _router.Establish(ScriptedPeer.Ipv4Open);
        await router.ReadUntil<ReceivedUpdate>(update => update.EndOfRib is not null);

        await Apply(null, 100, null);
        await Apply(100, 101, new([Peer], new([.. Plan.Routes("203.0.113.2/32", "203.0.113.3/32")], []), false, Complete: false));
        Assert.Equal((1, 0), Told(await router.Read<ReceivedUpdate>()));
        await Apply(101, 102, new(null, new([], []), false, Complete: true));
        Assert.Equal((0, 1), Told(await router.Read<ReceivedUpdate>()));
        var session = Assert.Single(Speaker.Sessions);
        Assert.Equal((0, 2), (session.Flaps, session.Advertised.Routes.Count));
    }

    [Fact]
    public async Task A_plan_that_turns_out_to_have_no_peers_ends_the_session()
    {
        await Speaker.Whole(1, 1, [Peer], Plan.Routes("203.0.113.1/32"));
        using var router = await _router.Establish(ScriptedPeer.Ipv4Open);
        await router.ReadUntil<ReceivedUpdate>(update => update.EndOfRib is not null);

        await Apply(null, 100, null);
        await Apply(100, 101, new([], new([], []), false, Complete: true));
        Assert.Equal(Notification.Cease(CeaseSubcode.PeerDeconfigured), await router.ReadUntil<Notification>());
        Assert.Empty(Speaker.Sessions);
    }

    private protected override void HangUp() => _router.Dispose();

    private async Task Apply(long? from, long version, BgpStep? step) =>
        Assert.Equal(PlanOutcome.Applied, await Speaker.Apply(new(new("node1"), from, version, [], [], null, step)));

    private static (int Announced, int Withdrawn) Told(ReceivedUpdate update) => (update.Announced, update.Withdrawn);
}
