using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Routes;
using OrleansLb.Speaker.Links.Memory;

namespace OrleansLb.Speaker.Tests;

public sealed class NodeSpeakerTests
{
    private static readonly BgpPeer Router = Bgp.Plan.Peer();

    /// <summary>Where there is no network, it says so when it would speak BGP, and only then.</summary>
    [Theory, InlineData(false), InlineData(true)]
    public async Task It_begins_to_speak_BGP_with_the_first_plan_that_names_a_peer(bool peers)
    {
        var speaker = new NodeSpeaker(new() { Node = Wire.Node }, new MemoryLinks(), null, new ManualTime(), NullLoggerFactory.Instance);
        EquatableList<BgpPeer> named = peers ? [Router] : [];
        var plan = new PlanChange(Wire.Node, null, 1, [], [], null, new BgpStep(named, RouteChange.Nothing, false, true));
        Assert.Equal(PlanOutcome.Applied, await speaker.Apply(plan));
        await speaker.Kill();
        var facts = await speaker.Facts.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(peers ? ["bgp"] : [], facts.OfType<SpeakerFact.LinkFailed>().Select(fact => fact.Interface));
    }
}
