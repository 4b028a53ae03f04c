using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Client.Watching;
using OrleansLb.Kubernetes.Events;
using OrleansLb.Kubernetes.Tests.Client;

namespace OrleansLb.Kubernetes.Tests.Events;

public sealed class EventTests
{
    private static readonly ObjectReference Web = new("v1", "Service", "default", "web", "u1");
    private static readonly Occurrence Assigned = new(Web, false, "AddressAssigned", "192.0.2.1");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_repeat_within_six_minutes_is_counted_and_a_later_one_is_new()
    {
        var time = new ManualTime();
        var correlator = new EventCorrelator(time);
        var first = Assert.IsType<EventWrite.Create>(correlator.Judge(Assigned));
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(new EventWrite.Repeat(first.Name, 2), correlator.Judge(Assigned));
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(new EventWrite.Repeat(first.Name, 3), correlator.Judge(Assigned));
        time.Advance(TimeSpan.FromMinutes(7));
        Assert.NotEqual(first.Name, Assert.IsType<EventWrite.Create>(correlator.Judge(Assigned)).Name);
        Assert.IsType<EventWrite.Create>(correlator.Judge(Assigned with { Message = "192.0.2.2" }));
    }

    [Fact]
    public void One_object_may_say_25_things_at_once_and_then_one_in_five_minutes()
    {
        var time = new ManualTime();
        var correlator = new EventCorrelator(time);
        var writes = Enumerable.Range(0, 40).Select(i => correlator.Judge(Assigned with { Message = $"{i}" })).ToList();
        Assert.Equal(25, writes.Count(write => write is EventWrite.Create));
        Assert.IsType<EventWrite.Create>(correlator.Judge(Assigned with { Regarding = Web with { Name = "other" } }));
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.IsType<EventWrite.Create>(correlator.Judge(Assigned));
        Assert.IsType<EventWrite.Drop>(correlator.Judge(Assigned with { Message = "again" }));
    }

    [Fact]
    public void Memory_is_bounded()
    {
        var correlator = new EventCorrelator(new ManualTime());
        var names = Enumerable.Range(0, 20_000).Select(i => Assert.IsType<EventWrite.Create>(correlator.Judge(Assigned with { Regarding = Web with { Name = $"s{i}" } })).Name).ToHashSet();
        Assert.Equal(20_000, names.Count);
    }

    [Fact]
    public async Task Events_and_their_series_are_written()
    {
        await using var cluster = await Cluster.Start();
        using var recorder = new EventRecorder(cluster.Client, "pod-1", TimeProvider.System, NullLogger<EventRecorder>.Instance);
        await recorder.StartAsync(Cancellation);
        for (var i = 0; i < 3; i++) recorder.Record(Web, warning: true, "PoolExhausted", new string('é', 900));
        recorder.Record(new ObjectReference("orleanslb.io/v1alpha1", "AddressPool", "", "p"), warning: false, "ConfigurationAccepted", "fine");
        var type = new ResourceType<EventObject>(new ApiResource("events.k8s.io", "v1", "events", "Event", true), EventJson.Default.EventObject, EventJson.Default.ObjectListEventObject);
        var reflector = new Reflector<EventObject>(cluster.Client, type, new ListQuery(), new ReflectorOptions(), new Random(1), TimeProvider.System, NullLogger.Instance);
        var seen = new Dictionary<string, EventObject>();
        await foreach (var change in reflector.Changes(Cancellation))
        {
            foreach (var item in change switch { Change<EventObject>.Snapshot all => all.Items, Change<EventObject>.Upsert one => [one.Item], _ => [] }) seen[item.Reason!] = item;
            if (seen.Count == 2 && seen["PoolExhausted"].Series?.Count == 3) break;
        }
        var exhausted = seen["PoolExhausted"];
        Assert.Equal(("Warning", "pod-1", "web", "default"), (exhausted.Type, exhausted.ReportingInstance, exhausted.Regarding!.Name, exhausted.Metadata.Namespace));
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(exhausted.Note!), 1000, 1024);
        Assert.Equal(("Normal", "default"), (seen["ConfigurationAccepted"].Type, seen["ConfigurationAccepted"].Metadata.Namespace));
        await recorder.StopAsync(Cancellation);
    }

    [Fact]
    public async Task An_api_that_hangs_holds_nobody_up()
    {
        await using var api = await TestApi.Start(context => context.Hold());
        using var client = api.Client();
        using var recorder = new EventRecorder(client, "pod-1", TimeProvider.System, NullLogger<EventRecorder>.Instance);
        await recorder.StartAsync(Cancellation);
        for (var i = 0; i < 5000; i++) recorder.Record(Web with { Name = $"s{i}" }, warning: false, "AddressAssigned", "m");
        await recorder.StopAsync(Cancellation);
        Assert.InRange(api.Requests.Count, 0, 1);
    }
}
