using System.Diagnostics;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

public sealed class ExplanationTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();

    public async ValueTask InitializeAsync()
    {
        _cluster.Record.Declare(
            Given.Pool("front", "192.0.2.10-192.0.2.20"),
            Given.Pool("rear", "192.0.2.30"),
            Given.Pool("six", "2001:db8::/64"),
            Given.Pool("asked", "192.0.2.40") with { AutoAssign = false },
            Given.Advertisement());
        await _cluster.Start();
        await _cluster.Join("node1");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Every_pool_that_was_not_taken_is_named_with_why_not()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
        var explanation = await _cluster.Grains.Status().Explain(new("web", "nginx"));
        var rejected = explanation!.RejectedPools.ToDictionary(pool => pool.What, pool => pool.Reason);
        Assert.Equal(
            new Dictionary<string, Reason> { ["pool rear"] = Reason.PoolComesLater, ["pool six"] = Reason.FamilyNotInPool,
                ["pool asked"] = Reason.NoPoolForService },
            rejected);
    }

    [Fact]
    public async Task Pools_without_the_address_that_is_asked_for_say_so()
    {
        _cluster.Record.Put(Given.Service("web/nginx") with { Addresses = [Address.Parse("192.0.2.12")] });
        await _cluster.UntilAnnounced("web/nginx");
        var explanation = await _cluster.Grains.Status().Explain(new("web", "nginx"));
        Assert.Equal(["pool asked", "pool rear", "pool six"], explanation!.RejectedPools.Select(pool => pool.What));
        Assert.All(explanation.RejectedPools, pool => Assert.Equal(Reason.AddressNotInPool, pool.Reason));
    }

    [Fact]
    public async Task Nodes_that_might_announce_too_say_why_they_do_not()
    {
        await _cluster.Join("node2");
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
        var explanation = await _cluster.Grains.Status().Explain(new("web", "nginx"));
        var other = Assert.Single(explanation!.OtherNodes);
        Assert.Equal((Reason.NodeComesLater, 2), (other.Reason, explanation.Candidates.Count));
        Assert.NotEqual($"node {explanation.Summary.Announcer}", other.What);
    }

    [Fact]
    public async Task A_question_is_not_the_cause_of_what_the_service_does()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == GrainsTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var question = new Activity("question").Start();
        _cluster.Record.Put(Given.Service("web/nginx"));
        while (await _cluster.Grains.Status().Explain(new("web", "nginx")) is null) await Task.Yield();
        await _cluster.UntilAnnounced("web/nginx");
        Assert.NotEmpty(_cluster.Speakers["node1"].Announcing);
        Assert.DoesNotContain(_cluster.Speakers["node1"].Causes, cause => cause.Contains(question.TraceId.ToHexString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_misspelt_service_is_answered_with_the_nearest_one()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
        Assert.Null(await _cluster.Grains.Status().Explain(new("web", "ngnix")));
        Assert.Equal(new ServiceName("web", "nginx"), await _cluster.Grains.Status().NearestTo(new("web", "ngnix")));
        Assert.Equal(new ServiceName("web", "nginx"), await _cluster.Grains.Status().NearestTo(new("default", "nginx")));
        Assert.Null(await _cluster.Grains.Status().NearestTo(new("database", "postgres-primary")));
    }
}
