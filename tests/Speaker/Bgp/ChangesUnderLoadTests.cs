using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Speaker.Tests.Bgp;

/// <summary>Routes and peers that change faster than a router can be told.</summary>
public class ChangesUnderLoadTests
{
    private const int Prefixes = 2000, Rounds = 60, ChangesEach = 150;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task In_the_end_the_router_knows_what_it_should_and_nothing_else(int seed)
    {
        await using var lab = new BgpLab();
        var bird = lab.Keep(new Bird(lab,
            Bird.ExternalPeer + "\nprotocol bgp six { local fd77::fe as 64501; neighbor fd77::1 as 64500; ipv6 { import all; export none; }; }"));
        var speaker = lab.Speak();
        var random = new Random(seed);
        var bystander = Plan.Peer(BgpLab.RouterAddressV6) with { Name = "six" };
        var wanted = new HashSet<int>();
        await speaker.Whole(1, 1, [Plan.Peer(), bystander], Plan.Routes("2001:db8:5::1/128"));
        await bird.Eventually("show protocols", answer => answer.Split("Established").Length == 3);
        var peer = Plan.Peer();
        for (var round = 2; round <= Rounds; round++)
        {
            var touched = Enumerable.Range(0, ChangesEach).Select(_ => random.Next(Prefixes)).Distinct().ToList();
            var gone = touched.Where(wanted.Remove).ToList();
            var come = touched.Except(gone).ToList();
            wanted.UnionWith(come);
            peer = Changed(peer, round);
            await speaker.Step(1, round, come.Select(number => Plan.Route(Name(number))), gone.Select(Name), [peer, bystander]);
        }

        // and that of the link
        await bird.Eventually("show route count table master4",
            answer => answer.Contains($"{wanted.Count + 1} of {wanted.Count + 1} routes", StringComparison.Ordinal));
        var known = bird.Ask("show route protocol node1").Split('\n').Where(line => line.StartsWith("10.", StringComparison.Ordinal))
            .Select(line => line.Split(' ')[0]);
        Assert.Equal(wanted.Select(Name).Order(StringComparer.Ordinal), known.Order(StringComparer.Ordinal));
        Assert.Equal(0, speaker.Sessions.Single(session => session.Peer.Name == "six").Flaps); // whatever became of the other peer
    }

    /// <summary>Now and then what goes on under the session, sometimes what ends it.</summary>
    private static BgpPeer Changed(BgpPeer peer, int round) => (round % 20, round % 6) switch
    {
        (0, _) => peer with { RouterId = Address.Parse($"192.0.2.{round}") },
        (10, _) => peer with { HoldTime = TimeSpan.FromSeconds(30 + round) },
        (_, 0) => peer with { KeepaliveTime = TimeSpan.FromSeconds(round % 5 + 1) },
        (_, 3) => peer with { NextHop = peer.NextHop is null ? new(Address.Parse("192.0.2.1"), null) : null },
        _ => peer,
    };

    private static string Name(int number) => $"10.{number >> 8}.{number & 255}.0/24";
}
