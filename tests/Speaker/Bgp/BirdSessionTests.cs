using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Routes;
using OrleansLb.Speaker.Tests.Namespaces;

namespace OrleansLb.Speaker.Tests.Bgp;

public class BirdSessionTests
{
    [Theory]
    [InlineData("password \"s3cret\";", false)]
    [InlineData("password \"s3cret\"; passive;", false)]
    [InlineData("password \"s3cret\"; connect delay time 1;", true)]
    public async Task A_password_protects_the_session_whoever_dials(string options, bool passive)
    {
        await using var lab = new BgpLab();
        lab.Keep(new Bird(lab,
            $"protocol bgp node1 {{ local 192.0.2.254 as 64501; neighbor 192.0.2.1 as 64500; ipv4 {{ import all; export none; }}; {options} }}"));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer() with { Password = new("s3cret"), Passive = passive }], []);
        await speaker.UntilEstablished();
    }

    [Fact]
    public async Task A_wrong_password_keeps_the_session_down_until_it_is_put_right()
    {
        await using var lab = new BgpLab();
        lab.Keep(new Bird(lab, "protocol bgp node1 { local 192.0.2.254 as 64501; neighbor 192.0.2.1 as 64500; ipv4 { import all; export none; }; "
            + "password \"s3cret\"; passive; }"));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer() with { Password = new("guess") }], []);
        await speaker.Until(status => status.State == PeerState.Connect);
        await speaker.Step(1, 2, [], [], [Plan.Peer() with { Password = new("s3cret") }]);
        await speaker.UntilEstablished();
    }

    [Theory]
    [InlineData("ttl security on;")]
    [InlineData("ttl security on; passive;")]
    public async Task Gtsm_is_honoured_in_both_directions(string options)
    {
        await using var lab = new BgpLab();
        lab.Keep(new Bird(lab,
            $"protocol bgp node1 {{ local 192.0.2.254 as 64501; neighbor 192.0.2.1 as 64500; ipv4 {{ import all; export none; }}; {options} }}"));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer() with { Gtsm = true }], []);
        await speaker.UntilEstablished();
    }

    [Fact]
    public async Task Routes_outlive_a_graceful_restart_of_the_speaker_and_go_when_it_leaves_for_good()
    {
        await using var lab = new BgpLab();
        var bird = lab.Keep(new Bird(lab, Bird.ExternalPeer));
        var peer = Plan.Peer() with { GracefulRestart = true };
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [peer], Plan.Routes("203.0.113.5/32", "203.0.113.6/32"));
        await bird.Route("203.0.113.6/32");

        await speaker.DisposeAsync();
        await bird.Eventually("show protocols node1", answer => !answer.Contains("Established", StringComparison.Ordinal));
        Assert.Contains("203.0.113.5/32", bird.Ask("show route"), StringComparison.Ordinal);

        var next = lab.Speak();
        await next.Whole(1, 1, [peer], Plan.Routes("203.0.113.5/32"));
        await next.UntilEstablished();
        await bird.Gone("203.0.113.6/32"); // End-of-RIB: what was not announced again is stale
        Assert.Contains("203.0.113.5/32", bird.Ask("show route"), StringComparison.Ordinal);

        await next.Leave("the node is taken away");
        await bird.Gone("203.0.113.5/32");
        Assert.Contains("the node is taken away", bird.Ask("show protocols all node1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_router_that_dies_is_dialled_until_it_is_back()
    {
        await using var lab = new BgpLab();
        var bird = lab.Keep(new Bird(lab, Bird.ExternalPeer));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer()], Plan.Routes("203.0.113.5/32"));
        await speaker.UntilEstablished();
        await bird.Process.Kill();
        Assert.Equal(1, (await speaker.Until(status => status.State != PeerState.Established)).Flaps);
        var next = lab.Keep(new Bird(lab, Bird.ExternalPeer, "bird2"));
        await next.Route("203.0.113.5/32");
    }

    [Fact]
    public async Task A_router_that_freezes_is_found_by_the_hold_timer()
    {
        await using var lab = new BgpLab();
        var bird = lab.Keep(new Bird(lab, Bird.ExternalPeer));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer() with { HoldTime = TimeSpan.FromSeconds(3) }], []);
        Assert.Equal(TimeSpan.FromSeconds(3), (await speaker.UntilEstablished()).HoldTime);
        bird.Process.Freeze();
        await speaker.Until(status => status.State == PeerState.Idle && status.NotificationSent?.Contains("4/0", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_router_that_refuses_us_is_quoted()
    {
        await using var lab = new BgpLab();
        lab.Keep(new Bird(lab, "protocol bgp node1 { local 192.0.2.254 as 64501; neighbor 192.0.2.1 as 64999; ipv4 { import all; export none; }; }"));
        var speaker = lab.Speak();
        await speaker.Whole(1, 1, [Plan.Peer()], []);
        var status = await speaker.Until(status => status.NotificationReceived is not null);
        Assert.Contains("2/2 open message error: bad peer as", status.NotificationReceived, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_peer_that_is_taken_from_the_plan_is_told_and_the_others_go_on()
    {
        await using var lab = new BgpLab();
        var bird = lab.Keep(new Bird(lab,
            Bird.ExternalPeer + " protocol bgp six { local fd77::fe as 64501; neighbor fd77::1 as 64500; ipv6 { import all; export none; }; }"));
        var speaker = lab.Speak();
        var other = Plan.Peer(BgpLab.RouterAddressV6) with { Name = "six" };
        await speaker.Whole(1, 1, [Plan.Peer(), other], []);
        await bird.Eventually("show protocols", answer => answer.Split("Established").Length == 3);
        await speaker.Step(1, 2, [], [], [other]);
        await bird.Eventually("show protocols all node1", answer => answer.Contains("Peer de-configured", StringComparison.Ordinal));
        Assert.Equal(("six", 0), (Assert.Single(speaker.Sessions).Peer.Name, speaker.Sessions[0].Flaps));
    }
}
