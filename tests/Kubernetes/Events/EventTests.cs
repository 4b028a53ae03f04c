using Microsoft.Extensions.Logging;
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
        Assert.Equal(25, Enumerable.Range(0, 40).Count(i => correlator.Admits(Assigned with { Message = $"{i}" })));
        Assert.True(correlator.Admits(Assigned with { Regarding = Web with { Name = "other" } }));
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.True(correlator.Admits(Assigned));
        Assert.False(correlator.Admits(Assigned with { Message = "again" }));
    }

    [Fact]
    public void Memory_is_bounded()
    {
        var correlator = new EventCorrelator(new ManualTime());
        Assert.All(Enumerable.Range(0, 20_000), i => Assert.True(correlator.Admits(Assigned with { Regarding = Web with { Name = $"s{i}" } })));
        var names = Enumerable.Range(0, 20_000)
            .Select(i => Assert.IsType<EventWrite.Create>(correlator.Judge(Assigned with { Regarding = Web with { Name = $"s{i}" } })).Name).ToHashSet();
        Assert.Equal(20_000, names.Count);
    }

    [Fact]
    public async Task Without_the_right_to_record_events_the_rule_is_named_once()
    {
        var (asked, third) = (0, new TaskCompletionSource());
        await using var api = await TestApi.Start(context =>
        {
            if (++asked == 3) third.SetResult();
            return context.Refuse(403, "Forbidden",
                "User \\\"lb\\\" cannot create resource \\\"events\\\" in API group \\\"events.k8s.io\\\" in the namespace \\\"default\\\"");
        });
        var log = new RecordingLog<EventRecorder>();
        using var recorder = new EventRecorder(api.Client(), "pod-1", TimeProvider.System, log);
        await recorder.StartAsync(Cancellation);
        for (var i = 0; i < 3; i++) recorder.Record(Web, warning: false, "AddressAssigned", $"192.0.2.{i}");
        await third.Task.WaitAsync(Cancellation);
        await recorder.StopAsync(Cancellation);
        Assert.Contains("resources: [events], verbs: [create]",
            Assert.Single(log.Lines, line => line.Message.Contains("does not permit", StringComparison.Ordinal)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_and_their_series_are_written()
    {
        await using var cluster = await Cluster.Start();
        using var recorder = new EventRecorder(cluster.Client, "pod-1", TimeProvider.System, NullLogger<EventRecorder>.Instance);
        await recorder.StartAsync(Cancellation);
        for (var i = 0; i < 3; i++) recorder.Record(Web, warning: true, "PoolExhausted", new string('é', 900));
        recorder.Record(new ObjectReference("orleanslb.io/v1alpha1", "AddressPool", "", "p"), warning: false, "ConfigurationAccepted", "fine");
        var type = new ResourceType<EventObject>(new ApiResource("events.k8s.io", "v1", "events", "Event", true), EventJson.Default.EventObject,
            EventJson.Default.ObjectListEventObject);
        var reflector =
            new Reflector<EventObject>(cluster.Client, type, new ListQuery(), new ReflectorOptions(), new Random(1), TimeProvider.System, NullLogger.Instance);
        var seen = new Dictionary<string, EventObject>();
        await foreach (var change in reflector.Changes(Cancellation))
        {
            foreach (var item in change switch { Change<EventObject>.Snapshot all => all.Items, Change<EventObject>.Upsert one => [one.Item], _ => [] })
                seen[item.Reason!] = item;
            if (seen.Count == 2 && seen["PoolExhausted"].Series?.Count == 3) break;
        }
        var exhausted = seen["PoolExhausted"];
        Assert.Equal(("Warning", "pod-1", "web", "default"),
            (exhausted.Type, exhausted.ReportingInstance, exhausted.Regarding!.Name, exhausted.Metadata.Namespace));
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(exhausted.Note!), 1000, 1024);
        Assert.Equal(("Normal", "default"), (seen["ConfigurationAccepted"].Type, seen["ConfigurationAccepted"].Metadata.Namespace));
        await recorder.StopAsync(Cancellation);
    }

    [Fact]
    public void Warnings_go_first_and_each_kind_in_its_order()
    {
        var backlog = new EventBacklog();
        foreach (var (warning, message) in new[] { (false, "n1"), (true, "w1"), (false, "n2"), (true, "w2") })
            backlog.Add(new(Assigned with { Warning = warning, Message = message }, default));
        var first = backlog.Next()!.Value;
        backlog.PutBack(first);
        Assert.Equal(["w1", "w2", "n1", "n2"], Enumerable.Range(0, 4).Select(_ => backlog.Next()!.Value.What.Message));
        Assert.Null(backlog.Next());
    }

    [Fact]
    public void A_full_backlog_gives_up_what_is_no_warning()
    {
        var backlog = new EventBacklog();
        Happening Normal(int i) => new(Assigned with { Message = $"{i}" }, default);
        var warning = new Happening(Assigned with { Warning = true }, default);
        Assert.All(Enumerable.Range(0, EventBacklog.Capacity), i => Assert.True(backlog.Add(Normal(i))));
        Assert.False(backlog.Add(Normal(-1)));
        Assert.False(backlog.Add(warning));
        Assert.Equal(EventBacklog.Capacity, backlog.Count);
        Assert.Equal([warning, Normal(1)], [backlog.Next()!.Value, backlog.Next()!.Value]);
    }

    [Fact]
    public async Task Ten_thousand_services_that_wait_at_once_all_have_their_reason_recorded()
    {
        var recorded = new HashSet<string>();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var api = await TestApi.Start(async context =>
        {
            var told = await System.Text.Json.JsonSerializer.DeserializeAsync(context.Request.Body, EventJson.Default.EventObject, context.RequestAborted);
            lock (recorded)
            {
                recorded.Add(told!.Regarding!.Name);
                if (recorded.Count == 10_000) all.TrySetResult();
            }
            await System.Text.Json.JsonSerializer.SerializeAsync(context.Response.Body, told, EventJson.Default.EventObject, context.RequestAborted);
        });
        using var client = api.Client();
        using var recorder = new EventRecorder(client, "pod-1", TimeProvider.System, NullLogger<EventRecorder>.Instance);
        await recorder.StartAsync(Cancellation);
        for (var i = 0; i < 10_000; i++) recorder.Record(Web with { Name = $"s{i}" }, warning: true, "PoolExhausted", "there is none left.");
        await all.Task.WaitAsync(Cancellation);
        await recorder.StopAsync(Cancellation);
    }

    [Fact]
    public async Task What_happens_while_the_api_takes_nothing_is_recorded_afterwards()
    {
        var time = new ManualTime();
        var busy = true;
        var names = System.Threading.Channels.Channel.CreateUnbounded<(string Name, MicroTime? At)>();
        await using var api = await TestApi.Start(async context =>
        {
            if (busy)
            {
                context.Response.StatusCode = 503;
                return;
            }
            var told = await System.Text.Json.JsonSerializer.DeserializeAsync(context.Request.Body, EventJson.Default.EventObject, context.RequestAborted);
            names.Writer.TryWrite((told!.Regarding!.Name, told.EventTime));
            await System.Text.Json.JsonSerializer.SerializeAsync(context.Response.Body, told, EventJson.Default.EventObject, context.RequestAborted);
        });
        using var client = api.Client();
        using var recorder = new EventRecorder(client, "pod-1", time, NullLogger<EventRecorder>.Instance);
        await recorder.StartAsync(Cancellation);
        var happened = new MicroTime(time.GetUtcNow());
        recorder.Record(Web, warning: true, "PoolExhausted", "there is none left.");
        await time.NextWait(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
        busy = false;
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(("web", happened), await names.Reader.ReadAsync(Cancellation));
        await recorder.StopAsync(Cancellation);
    }

    [Fact]
    public void What_is_lost_is_told_at_once_and_then_each_minute()
    {
        var (time, log) = (new ManualTime(), new RecordingLog<EventRecorder>());
        var losses = new EventLosses(time, log);
        for (var i = 0; i < 10; i++) losses.Add("queue");
        time.Advance(TimeSpan.FromMinutes(1));
        losses.Add("spam");
        Assert.Equal(["1 Kubernetes", "10 Kubernetes"], log.Lines.Select(line => line.Message[..line.Message.IndexOf(" events", StringComparison.Ordinal)]));
        Assert.All(log.Lines, line => Assert.Equal(Microsoft.Extensions.Logging.LogLevel.Warning, line.Level));
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
