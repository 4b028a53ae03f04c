using OrleansLb.Kubernetes.Client.Transport;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Tests.Client;

public sealed class RightOfWayTests
{
    private readonly ManualTime _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_gives_way_where_nothing_happens()
    {
        var way = new RightOfWay(_time);
        await way.GiveWay(Cancellation);
        way.Begin();
        way.End();
        _time.Advance(RightOfWay.Quiet);
        await way.GiveWay(Cancellation);
    }

    [Fact]
    public async Task Who_gives_way_waits_for_requests_under_way_and_a_while_longer()
    {
        var way = new RightOfWay(_time);
        way.Begin();
        var waiting = way.GiveWay(Cancellation).AsTask();
        await Pass();
        await Pass();
        Assert.False(waiting.IsCompleted);
        way.End();
        await Pass();
        await waiting;
    }

    [Fact]
    public async Task A_busy_time_that_lasts_holds_nobody_back_for_ever()
    {
        var way = new RightOfWay(_time);
        way.Begin();
        var waiting = way.GiveWay(Cancellation).AsTask();
        for (var passed = TimeSpan.Zero; passed < RightOfWay.Longest; passed += RightOfWay.Quiet)
        {
            Assert.False(waiting.IsCompleted);
            await Pass();
            way.Begin();
            way.End();
        }
        await waiting;
        await way.GiveWay(Cancellation);
    }

    [Fact]
    public async Task What_a_client_is_asked_to_give_way_for_is_sent_first()
    {
        var answer = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        await using var api = await TestApi.Start(async context =>
        {
            if (context.Request.Path.Value!.EndsWith("first", StringComparison.Ordinal))
            {
                begun.SetResult();
                await answer.Task;
            }
            await context.Named("n");
        });
        using var client = api.Client(_time);
        var first = client.Get(ResourceTypes.Nodes, null, "first", Cancellation);
        await begun.Task.WaitAsync(Cancellation);
        using var polite = client.GivingWay;
        var second = polite.Get(ResourceTypes.Nodes, null, "second", Cancellation);
        answer.SetResult();
        await first;
        Assert.Single(api.Requests);
        await Pass();
        await second;
        Assert.Equal(["GET /api/v1/nodes/first", "GET /api/v1/nodes/second"], api.Requests);
    }

    /// <summary>Lets whoever gives way look once more.</summary>
    private async Task Pass()
    {
        await _time.NextWait(RightOfWay.Quiet, RightOfWay.Quiet);
        _time.Advance(RightOfWay.Quiet);
    }
}
