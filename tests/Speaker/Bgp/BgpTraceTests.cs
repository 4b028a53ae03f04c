using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Routes;
using OrleansLb.Protocols.Bgp;
using OrleansLb.Speaker.Bgp;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Tests.Bgp;

public class BgpTraceTests
{
    [Fact]
    public async Task The_trace_of_a_change_goes_on_to_the_last_update_written_to_each_peer()
    {
        var ended = new ConcurrentQueue<Activity>();
        var trace = ActivityTraceId.CreateRandom();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "OrleansLb.Speaker",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using var router = new ScriptedPeer(IPAddress.Parse("127.0.0.2"));
        using var log = LoggerFactory.Create(builder => builder.AddProvider(new TestOutputLog()));
        await using var speaker =
            new BgpSpeaker(new() { Node = new(BgpLab.Node(1)), ListenOn = [] }, HostNetwork.Instance, TimeProvider.System, log.CreateLogger<BgpSpeaker>());
        await speaker.Whole(1, 1, [Plan.Peer("127.0.0.2") with { Port = router.Port, NextHop = new(Address.Parse("192.0.2.9"), null) }], []);
        using var connection = await router.Establish(ScriptedPeer.Ipv4Open);
        await connection.ReadUntil<ReceivedUpdate>(update => update.EndOfRib is not null);

        var cause = new ActivityContext(trace, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        var step = new BgpStep(null, new RouteChange([.. Plan.Routes("203.0.113.1/32")], []), false, true);
        await speaker.Apply(new(new(BgpLab.Node(1)), 1, 2, [], [], $"00-{cause.TraceId}-{cause.SpanId}-01", step));
        await connection.ReadUntil<ReceivedUpdate>(update => update.Announced == 1);
        await Daemon.Eventually(() => $"{ended.Count}", answer => answer == "2");
        var plan = ended.Single(span => span.DisplayName == "bgp plan");
        var advertised = ended.Single(span => span.DisplayName == "bgp advertise");
        Assert.Equal((cause.SpanId, plan.SpanId), (plan.ParentSpanId, advertised.ParentSpanId));
        Assert.Equal(("router", 1), (advertised.GetTagItem("orleanslb.bgp.peer"), advertised.GetTagItem("orleanslb.bgp.routes")));
        await speaker.Kill();
    }
}
