using System.Text.Json;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Leases;

namespace OrleansLb.Kubernetes.Tests.Client;

public sealed class LeaderElectorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_leads_until_it_releases_and_then_the_other()
    {
        await using var cluster = await Cluster.Start();
        var time = new ManualTime();
        var led = Channel.CreateUnbounded<(string Who, int Epoch)>();
        using var stopFirst = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var first = Elector(cluster.Client, "one", time).Run((epoch, stop) => Lead(led, "one", epoch, stop), stopFirst.Token);
        Assert.Equal(("one", 0), await led.Reader.ReadAsync(Cancellation));
        using var stopSecond = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var second = Elector(cluster.Client, "two", time).Run((epoch, stop) => Lead(led, "two", epoch, stop), stopSecond.Token);
        await stopFirst.CancelAsync();
        await first;
        await Pump(time, led, ("two", 1));
        await stopSecond.CancelAsync();
        await second;
        Assert.True(string.IsNullOrEmpty((await cluster.Client.Get(LeaseObject.Type, "default", "lb", Cancellation)).Spec!.HolderIdentity));
    }

    [Fact]
    public async Task A_holder_that_fell_silent_is_replaced_only_after_the_duration_since_we_saw_it()
    {
        await using var cluster = await Cluster.Start();
        var time = new ManualTime();
        await cluster.Client.Create(LeaseObject.Type, new LeaseObject { Metadata = new() { Name = "lb", Namespace = "default" },
            Spec = new() { HolderIdentity = "dead", LeaseDurationSeconds = 15, LeaseTransitions = 4, RenewTime = new(DateTimeOffset.UnixEpoch) } },
                Cancellation);
        var led = Channel.CreateUnbounded<(string Who, int Epoch)>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = Elector(cluster.Client, "two", time).Run((epoch, token) => Lead(led, "two", epoch, token), stop.Token);
        var began = time.GetUtcNow();
        await Pump(time, led, ("two", 5));
        Assert.InRange(time.GetUtcNow() - began, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(20));
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_leader_that_cannot_renew_stops_before_others_may_begin()
    {
        var time = new ManualTime();
        var up = true;
        await using var api = await TestApi.Start(context => !Volatile.Read(ref up) ? context.Refuse(503, "ServiceUnavailable")
            : context.Request.Method == "GET" ? context.Refuse(404, "NotFound")
            : context.Json("""{"metadata":{"name":"lb","resourceVersion":"1"},"spec":{"holderIdentity":"one","leaseDurationSeconds":15,"leaseTransitions":0}}""", 201));
        var led = Channel.CreateUnbounded<(string Who, int Epoch)>();
        var stopped = new TaskCompletionSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = Elector(api.Client(time), "one", time).Run(
            async (epoch, token) =>
            {
                led.Writer.TryWrite(("one", epoch));
                await token.Cancelled();
                stopped.TrySetResult();
            },
            stop.Token);
        await led.Reader.ReadAsync(Cancellation);
        Volatile.Write(ref up, false);
        var began = time.GetUtcNow();
        while (!stopped.Task.IsCompleted)
        {
            var wait = time.NextWait(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.4));
            if (await Task.WhenAny(stopped.Task, wait) == stopped.Task) break;
            time.Advance(await wait);
        }
        Assert.InRange(time.GetUtcNow() - began, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(14));
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_lease_whose_last_renewal_was_cut_off_but_written_is_released_all_the_same()
    {
        var time = new ManualTime();
        var (version, writes, holder, renewing) = (1, 0, "one", new TaskCompletionSource());
        string Lease() => $$$"""{"metadata":{"name":"lb","resourceVersion":"{{{version}}}"},"spec":{"holderIdentity":"{{{holder}}}","leaseTransitions":0}}""";
        await using var api = await TestApi.Start(async context =>
        {
            if (context.Request.Method == "GET") await (version == 1 ? context.Refuse(404, "NotFound") : context.Json(Lease()));
            else if (context.Request.Method == "POST") await context.Json(Lease(), 201);
            else if (++writes == 1)
            {
                version = 2;
                renewing.SetResult();
                await context.Hold();
            }
            else if (writes == 2) await context.Refuse(409, "Conflict");
            else
            {
                using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: Cancellation);
                holder = body.RootElement.GetProperty("spec").GetProperty("holderIdentity").GetString()!;
                await context.Json(Lease());
            }
        });
        var led = Channel.CreateUnbounded<(string Who, int Epoch)>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var running = Elector(api.Client(time), "one", time).Run((epoch, token) => Lead(led, "one", epoch, token), stop.Token);
        await led.Reader.ReadAsync(Cancellation);
        time.Advance(await time.NextWait(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.4)));
        await renewing.Task;
        await stop.CancelAsync();
        await running;
        Assert.Equal(("", 3), (holder, writes));
    }

    private static LeaderElector Elector(ApiClient client, string identity, ManualTime time) =>
        new(client, new LeaderElectorOptions("default", "lb", identity), new Random(1), time, NullLogger<LeaderElector>.Instance);

    private static async Task Lead(Channel<(string, int)> led, string who, int epoch, CancellationToken stop)
    {
        led.Writer.TryWrite((who, epoch));
        await stop.Cancelled();
    }

    /// <summary>Lets the electors' pauses pass one by one until somebody leads.</summary>
    private static async Task Pump(ManualTime time, Channel<(string Who, int Epoch)> led, (string, int) expected)
    {
        var next = led.Reader.ReadAsync(Cancellation).AsTask();
        while (!next.IsCompleted)
        {
            var wait = time.NextWait(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2.4));
            if (await Task.WhenAny(next, wait) == next) break;
            time.Advance(await wait);
        }
        Assert.Equal(expected, await next);
    }
}
