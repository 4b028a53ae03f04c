using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Nodes;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

/// <summary>Hosts outside of the cluster that use addresses of a pool.</summary>
public sealed class AddressConflictTests : IAsyncLifetime
{
    private static readonly HardwareAddress Stranger = new(0x0600000000ff);
    private static readonly AddressPool Pool = Given.Pool("front", "192.0.2.10-192.0.2.11");

    /// <summary>The node lives although time passes without its heartbeats.</summary>
    private readonly TestCluster _cluster = new();

    public async ValueTask InitializeAsync()
    {
        _cluster.Record.Declare(Pool, Given.Advertisement());
        await _cluster.Start();
        await _cluster.Join("node1");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task An_address_that_a_stranger_has_is_quarantined_and_the_next_one_is_taken()
    {
        Speaker.Strangers[At(10)] = Stranger;
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");

        Assert.Equal("192.0.2.11", _cluster.AddressOf("web/nginx"));
        await _cluster.Until(() => Speaker.Log.Count == 3, "the speaker is told to forget the address");
        Assert.Equal(["?192.0.2.10", "+192.0.2.11", "-192.0.2.10"], Speaker.Log);
        var claim = Assert.Single(_cluster.Record.Claims, claim => claim.Address == At(10));
        Assert.Equal((0, Stranger, _cluster.Clock.GetUtcNow() + TimeSpan.FromMinutes(10)),
            (claim.Holders.Count, claim.Quarantine!.Holder, claim.Quarantine.Until));
        var told = Assert.Single(_cluster.Record.Events, recorded => recorded.Reason == nameof(Reason.AddressTaken));
        Assert.Contains("06:00:00:00:00:ff", told.Message, StringComparison.Ordinal);
        var count = Assert.Single((await _cluster.Grains.Pool(new("front")).Status()).Families);
        Assert.Equal((1, 1, 0), (count.Held, count.Quarantined, count.Reserved));
    }

    [Fact]
    public async Task A_pinned_address_that_is_taken_waits_until_the_stranger_is_gone()
    {
        Speaker.Strangers[At(10)] = Stranger;
        _cluster.Record.Put(Given.Service("web/nginx") with { Addresses = [At(10)] });
        await _cluster.Until(() => _cluster.Record.StatusOf("web/nginx") is { Addresses.Count: 0 } status
            && status.Conditions[0].Reason == nameof(Reason.AddressQuarantined), "it is pending with the reason");
        Assert.Contains("06:00:00:00:00:ff", _cluster.Record.StatusOf("web/nginx")!.Conditions[0].Message, StringComparison.Ordinal);

        Speaker.Strangers.Clear();
        _cluster.Advance(TimeSpan.FromMinutes(10));
        await _cluster.UntilAnnounced("web/nginx");
        Assert.Equal("192.0.2.10", _cluster.AddressOf("web/nginx"));
        Assert.All(_cluster.Record.Claims, claim => Assert.Null(claim.Quarantine));
    }

    [Fact]
    public async Task An_address_that_one_of_our_nodes_still_answers_for_is_announced_all_the_same()
    {
        Speaker.Strangers[At(10)] = new(0x020000000001);
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
        Assert.Equal("192.0.2.10", _cluster.AddressOf("web/nginx"));
        Assert.Equal(["?192.0.2.10", "+192.0.2.10"], Speaker.Log);
    }

    [Fact]
    public async Task Only_the_first_use_is_probed()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
        var other = await _cluster.Join("node2");
        other.Strangers[At(10)] = Stranger;
        await Speaker.Kill();
        await _cluster.Until(() => other.Announcing.ContainsKey(At(10)), "the other node takes over");
        Assert.Equal(["+192.0.2.10"], other.Log);
        Assert.False(other.Announcing[At(10)].Probe);
    }

    [Fact]
    public async Task A_service_that_shows_its_address_when_it_is_first_seen_is_not_probed()
    {
        Speaker.Strangers[At(10)] = Stranger;
        _cluster.Record.Put(Given.Service("web/nginx") with { Held = [At(10)] });
        await _cluster.UntilAnnounced("web/nginx");
        Assert.Equal(["+192.0.2.10"], Speaker.Log);
    }

    [Fact]
    public async Task A_pool_may_forgo_the_probe()
    {
        _cluster.Record.Declare(Pool with { Conflicts = ConflictRule.Default with { Probe = false } }, Given.Advertisement());
        Speaker.Strangers[At(10)] = Stranger;
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
        Assert.Equal(["+192.0.2.10"], Speaker.Log);
    }

    [Theory, InlineData(false, "192.0.2.10"), InlineData(true, "192.0.2.11")]
    public async Task A_service_whose_address_is_claimed_while_in_use_moves_if_the_pool_says_so(bool move, string expected)
    {
        _cluster.Record.Declare(Pool with { Conflicts = ConflictRule.Default with { Move = move } }, Given.Advertisement());
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
        await Speaker.Report(new SpeakerFact.ConflictSeen(At(10), Stranger, "eth0", _cluster.Clock.GetUtcNow()));
        await _cluster.Until(() => _cluster.AddressOf("web/nginx") == expected && _cluster.AnnouncerOf(expected) is not null, "it is where it should be");
        await _cluster.Until(() => Speaker.Announcing.Count == 1, "nothing else is announced");
        Assert.Equal(move ? ["+192.0.2.10", "+192.0.2.11", "-192.0.2.10"] : ["+192.0.2.10"], Speaker.Log);
    }

    [Fact]
    public async Task A_claim_shows_in_a_condition_of_the_service_for_as_long_as_it_goes_on()
    {
        await Serve();
        await Claim(ConflictPolicy.Defend);
        await _cluster.Until(() => Condition()?.Message.Contains($"{Stranger} on interface eth0 of node", StringComparison.Ordinal) == true,
            "the condition names the host");
        await _cluster.Until(() => Condition() is null, TimeSpan.FromSeconds(1), "the condition goes when nothing more is heard");
    }

    [Fact]
    public async Task An_address_that_is_left_to_a_stranger_counts_as_not_announced_until_it_is_announced_again()
    {
        await Serve();
        await Claim(ConflictPolicy.Yield);
        await _cluster.Until(() => Announced() is { Status: false, Reason: "AddressConflict" } && Condition() is not null, TimeSpan.FromMilliseconds(10),
            "it is not announced, and why");
        _cluster.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(Condition());
        await Speaker.TellAll();
        await _cluster.Until(() => Announced() is { Status: true } && Condition() is null, TimeSpan.FromMilliseconds(10), "it is announced again");
    }

    private async Task Serve()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
    }

    private Task Claim(ConflictPolicy policy) => Speaker.Report(new SpeakerFact.ConflictSeen(At(10), Stranger, "eth0", _cluster.Clock.GetUtcNow(), policy));

    private ServiceCondition? Announced() => _cluster.Record.StatusOf("web/nginx")?.Conditions[1];

    private ServiceCondition? Condition() =>
        _cluster.Record.StatusOf("web/nginx")?.Conditions.FirstOrDefault(condition => condition.Type == ConditionTypes.AddressConflict);

    [Fact]
    public async Task A_service_that_asked_for_an_address_keeps_it_in_use()
    {
        _cluster.Record.Declare(Pool with { Conflicts = ConflictRule.Default with { Move = true } }, Given.Advertisement());
        _cluster.Record.Put(Given.Service("web/nginx") with { Addresses = [At(10)] });
        await _cluster.UntilAnnounced("web/nginx");
        await Speaker.Report(new SpeakerFact.ConflictSeen(At(10), Stranger, "eth0", _cluster.Clock.GetUtcNow()));
        Assert.Equal("192.0.2.10", _cluster.AddressOf("web/nginx"));
        Assert.All(_cluster.Record.Claims, claim => Assert.Null(claim.Quarantine));
    }

    private FakeSpeaker Speaker => _cluster.Speakers["node1"];

    private static Address At(int host) => Address.Parse($"192.0.2.{host}");
}
