using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Kubernetes.Feed;
using OrleansLb.Kubernetes.Objects;
using OrleansLb.Kubernetes.Records;
using OrleansLb.Kubernetes.Tests.Client;

namespace OrleansLb.Kubernetes.Tests.Records;

public sealed class ServiceStatusWriterTests
{
    private const string OpenElbLabel = "eip.openelb.kubesphere.io/v1alpha2";

    private static readonly ServiceName Web = new("default", "web");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Addresses_conditions_and_finalizer_arrive_in_one_write()
    {
        await using var cluster = await Cluster.Start();
        await cluster.CreateService("web", metadata: "finalizers: [example.com/theirs]");
        var before = await cluster.Service("web");
        await cluster.Status.Write(Served(before.Metadata.Uid!), [], Cancellation);
        var after = await cluster.Service("web");
        Assert.Equal(["192.0.2.1"], after.Status!.LoadBalancer!.Ingress!.Select(entry => entry.Ip));
        Assert.Equal(["example.com/theirs", Finalizers.Standard], after.Metadata.Finalizers!.Order());
        Assert.Equal("pool", after.Metadata.Annotations!["orleanslb.io/allocated-from-pool"]);
        var condition = Assert.Single(after.Status.Conditions!);
        Assert.Equal((ConditionTypes.AddressAssigned, "True", "AddressAssigned"), (condition.Type, condition.Status, condition.Reason));
        Assert.NotNull(condition.LastTransitionTime);
    }

    [Theory]
    [InlineData("metallb.io/v1beta1", "IPAddressPool", "pool")]
    [InlineData("v1", "ConfigMap", "pool")]
    [InlineData("orleanslb.io/v1alpha1", "AddressPool", null)]
    public async Task The_pool_is_told_as_its_dialect_tells_it_and_cleared_with_the_rest(string version, string kind, string? expected)
    {
        await using var cluster = await Cluster.Start();
        await cluster.CreateService("web", metadata: "annotations: {metallb.io/ip-allocated-from-pool: former}");
        var uid = (await cluster.Service("web")).Metadata.Uid!;
        await cluster.Status.Write(Served(uid) with { PoolObject = new(version, kind, "metallb-system", "pool") }, [], Cancellation);
        Assert.Equal(expected, (await cluster.Service("web")).Metadata.Annotations!.GetValueOrDefault("metallb.io/ip-allocated-from-pool"));
        await cluster.Status.Clear(Web, uid, Finalizers.Standard, Cancellation);
        Assert.Null((await cluster.Service("web")).Metadata.Annotations);
    }

    [Theory]
    [InlineData("Eip", "lb.kubesphere.io/v1alpha1: openelb", "", "pool")]
    [InlineData("Eip", "lb.kubesphere.io/v1alpha1: openelb", "former", "pool")]
    [InlineData("Eip", "a: b", "", null)]
    [InlineData("AddressPool", "lb.kubesphere.io/v1alpha1: openelb", "", null)]
    [InlineData("AddressPool", "lb.kubesphere.io/v1alpha1: openelb", "theirs", "theirs")]
    public async Task A_service_of_OpenELB_bears_its_label_with_the_Eip_that_serves_it(string kind, string annotations, string before, string? expected)
    {
        await using var cluster = await Cluster.Start();
        await cluster.CreateService("web",
            metadata: $"annotations: {{{annotations}}}, labels: {{app: web{(before.Length == 0 ? "" : $", {OpenElbLabel}: {before}")}}}");
        var uid = (await cluster.Service("web")).Metadata.Uid!;
        await cluster.Status.Write(Served(uid) with { PoolObject = new("v", kind, "", "pool") }, [], Cancellation);
        var served = await cluster.Service("web");
        Assert.Equal((expected, "web"), (served.Metadata.Labels!.GetValueOrDefault(OpenElbLabel), served.Metadata.Labels!["app"]));
        await cluster.Status.Write(Served(uid) with { PoolObject = new("v", kind, "", "pool") }, [], Cancellation);
        Assert.Equal(served.Metadata.ResourceVersion, (await cluster.Service("web")).Metadata.ResourceVersion);
        await cluster.Status.Clear(Web, uid, Finalizers.Standard, Cancellation);
        Assert.Equal(expected == "theirs" ? expected : null, (await cluster.Service("web")).Metadata.Labels!.GetValueOrDefault(OpenElbLabel));
    }

    [Fact]
    public async Task OpenELBs_label_goes_with_the_Eip_and_is_left_out_where_a_label_cannot_hold_the_name()
    {
        await using var cluster = await Cluster.Start();
        await cluster.CreateService("web", metadata: "annotations: {lb.kubesphere.io/v1alpha1: openelb}");
        var uid = (await cluster.Service("web")).Metadata.Uid!;
        await cluster.Status.Write(Served(uid) with { PoolObject = new("v", "Eip", "", "pool") }, [], Cancellation);
        await cluster.Status.Write(Served(uid) with { Pool = new("ours"), PoolObject = new("v", "AddressPool", "", "ours") }, [], Cancellation);
        Assert.Null((await cluster.Service("web")).Metadata.Labels?.GetValueOrDefault(OpenElbLabel));
        var name = new string('p', 64);
        await cluster.Status.Write(Served(uid) with { Pool = new(name), PoolObject = new("v", "Eip", "", name) }, [], Cancellation);
        var served = await cluster.Service("web");
        Assert.Equal(name, served.Metadata.Annotations!["orleanslb.io/allocated-from-pool"]);
        Assert.Null(served.Metadata.Labels?.GetValueOrDefault(OpenElbLabel));
    }

    [Fact]
    public async Task What_MetalLB_itself_wrote_on_a_service_stays()
    {
        await using var cluster = await Cluster.Start();
        await cluster.CreateService("web", metadata: "annotations: {metallb.io/ip-allocated-from-pool: theirs}");
        var before = await cluster.Service("web");
        await cluster.Status.Clear(Web, before.Metadata.Uid!, Finalizers.Standard, Cancellation);
        Assert.Equal(before.Metadata.ResourceVersion, (await cluster.Service("web")).Metadata.ResourceVersion);
    }

    [Fact]
    public async Task What_stands_is_not_written_again_and_a_transition_keeps_its_time()
    {
        await using var cluster = await Cluster.Start();
        await cluster.CreateService("web");
        var uid = (await cluster.Service("web")).Metadata.Uid!;
        await cluster.Status.Write(Served(uid), [], Cancellation);
        var first = await cluster.Service("web");
        await cluster.Status.Write(Served(uid), [], Cancellation);
        Assert.Equal(first.Metadata.ResourceVersion, (await cluster.Service("web")).Metadata.ResourceVersion);
        await cluster.Status.Write(Served(uid) with { Conditions = [new(ConditionTypes.AddressAssigned, true, "AddressAdopted", "kept")] }, [], Cancellation);
        var condition = Assert.Single((await cluster.Service("web")).Status!.Conditions!);
        Assert.Equal(("AddressAdopted", first.Status!.Conditions![0].LastTransitionTime), (condition.Reason, condition.LastTransitionTime));
    }

    [Fact]
    public async Task That_a_service_still_has_what_it_was_given_is_not_written()
    {
        await using var cluster = await Cluster.Start();
        await cluster.CreateService("web");
        var uid = (await cluster.Service("web")).Metadata.Uid!;
        await cluster.Status.Write(Served(uid), [], Cancellation);
        var written = await cluster.Service("web");
        cluster.Cache.Set(Web, written);
        var restarted =
            new ServiceStatusWriter(cluster.Client, cluster.Cache, ServiceRules.Default, TimeProvider.System, NullLogger<ServiceStatusWriter>.Instance);
        await restarted.Write(Served(uid) with { Conditions = [Served(uid).Conditions[0] with { Reason = "AddressAdopted" }] }, [], Cancellation);
        Assert.Equal(written.Metadata.ResourceVersion, (await cluster.Service("web")).Metadata.ResourceVersion);
    }

    [Fact]
    public async Task A_write_is_not_skipped_because_the_watch_lags()
    {
        await using var cluster = await Cluster.Start();
        await cluster.CreateService("web");
        var stale = await cluster.Service("web");
        cluster.Cache.Set(Web, stale);
        await cluster.Status.Write(Served(stale.Metadata.Uid!), [], Cancellation);
        await cluster.Status.Write(new ServiceStatus(Web, stale.Metadata.Uid!, [], null, null, []), [], Cancellation);
        Assert.Null((await cluster.Service("web")).Status?.LoadBalancer?.Ingress);
    }

    [Fact]
    public async Task What_was_written_is_not_written_again_because_the_watch_lags()
    {
        await using var api = await TestApi.Start(context => context.Named("web"));
        var cache = new ServiceCache();
        var writer = new ServiceStatusWriter(api.Client(), cache, ServiceRules.Default, TimeProvider.System, NullLogger<ServiceStatusWriter>.Instance);
        cache.Set(Web, Unserved("1"));
        Assert.True(await writer.Write(Served("u"), [], Cancellation));
        Assert.True(await writer.Write(Served("u"), [], Cancellation));
        Assert.Single(api.Requests);
        cache.Set(Web, Unserved("3"));
        Assert.True(await writer.Write(Served("u"), [], Cancellation));
        Assert.Equal(2, api.Requests.Count);

        static ServiceObject Unserved(string version) =>
            new() { Metadata = new() { Namespace = "default", Name = "web", Uid = "u", ResourceVersion = version } };
    }

    [Fact]
    public async Task Addresses_that_somebody_else_has_it_show_meanwhile_are_left_to_be_decided_on()
    {
        await using var cluster = await Cluster.Start();
        await cluster.CreateService("web");
        var stale = await cluster.Service("web");
        cluster.Cache.Set(Web, stale);
        var other = new ServiceStatusWriter(cluster.Client, cluster.Cache, ServiceRules.Default, TimeProvider.System, NullLogger<ServiceStatusWriter>.Instance);
        Assert.True(await other.Write(Served(stale.Metadata.Uid!) with { Addresses = [Address.Parse("192.0.2.9")] }, [], Cancellation));

        Assert.False(await cluster.Status.Write(Served(stale.Metadata.Uid!), [], Cancellation));
        var shown = await cluster.Service("web");
        Assert.Equal("192.0.2.9", Assert.Single(shown.Status!.LoadBalancer!.Ingress!).Ip);
        cluster.Cache.Set(Web, shown);
        Assert.False(await cluster.Status.Write(Served(stale.Metadata.Uid!), [], Cancellation));
        Assert.True(await cluster.Status.Write(Served(stale.Metadata.Uid!), [Address.Parse("192.0.2.9")], Cancellation));
        Assert.Equal("192.0.2.1", Assert.Single((await cluster.Service("web")).Status!.LoadBalancer!.Ingress!).Ip);
    }

    [Fact]
    public async Task A_change_of_something_else_meanwhile_is_no_hindrance()
    {
        await using var cluster = await Cluster.Start();
        await cluster.CreateService("web");
        var stale = await cluster.Service("web");
        cluster.Cache.Set(Web, stale);
        await cluster.Client.Patch(ResourceTypes.Services, new("default", "web"),
            Patch.Strategic((System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse("""{"metadata":{"labels":{"a":"b"}}}""")!), Cancellation);

        Assert.True(await cluster.Status.Write(Served(stale.Metadata.Uid!), [], Cancellation));
        var shown = await cluster.Service("web");
        Assert.Equal(("192.0.2.1", "b"), (Assert.Single(shown.Status!.LoadBalancer!.Ingress!).Ip, shown.Metadata.Labels!["a"]));
    }

    [Fact]
    public async Task Clearing_takes_what_is_ours_and_leaves_the_rest()
    {
        await using var cluster = await Cluster.Start();
        await cluster.CreateService("web", metadata: "finalizers: [example.com/theirs]");
        var uid = (await cluster.Service("web")).Metadata.Uid!;
        await cluster.Status.Write(Served(uid), [], Cancellation);
        await cluster.Client.Patch(ResourceTypes.Services, new("default", "web", "status"),
            Patch.Strategic((System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(
            """{"status":{"conditions":[{"type":"example.com/Theirs","status":"True","reason":"R","message":"m","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}""")!), Cancellation);
        await cluster.Status.Clear(Web, uid, Finalizers.Standard, Cancellation);
        var after = await cluster.Service("web");
        Assert.Null(after.Status?.LoadBalancer?.Ingress);
        Assert.Equal(["example.com/theirs"], after.Metadata.Finalizers);
        Assert.Equal("example.com/Theirs", Assert.Single(after.Status!.Conditions!).Type);
        Assert.Null(after.Metadata.Annotations);
        await cluster.Status.Clear(Web, uid, Finalizers.Standard, Cancellation);
        Assert.Equal(after.Metadata.ResourceVersion, (await cluster.Service("web")).Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Clearing_lets_a_deleted_service_go()
    {
        await using var cluster = await Cluster.Start();
        await cluster.CreateService("web");
        var uid = (await cluster.Service("web")).Metadata.Uid!;
        await cluster.Status.Write(Served(uid), [], Cancellation);
        await cluster.Delete(ResourceTypes.Services.Resource, "default", "web");
        Assert.NotNull((await cluster.Service("web")).Metadata.DeletionTimestamp);
        await cluster.Status.Clear(Web, uid, Finalizers.Standard, Cancellation);
        var gone = await Assert.ThrowsAsync<Kubernetes.Client.Resources.ApiException>(() => cluster.Service("web"));
        Assert.Equal(Kubernetes.Client.Resources.ApiReason.NotFound, gone.Reason);
    }

    [Fact]
    public async Task A_namesake_and_one_that_is_gone_are_passed_over()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Status.Write(Served("nobody"), [], Cancellation);
        await cluster.CreateService("web");
        var before = await cluster.Service("web");
        await cluster.Status.Write(Served("another"), [], Cancellation);
        await cluster.Status.Clear(Web, "another", Finalizers.Standard, Cancellation);
        Assert.Equal(before.Metadata.ResourceVersion, (await cluster.Service("web")).Metadata.ResourceVersion);
        cluster.Cache.Set(Web, before with { Metadata = before.Metadata with { Uid = "another" } });
        await cluster.Status.Write(Served("another"), [], Cancellation);
        Assert.Equal(before.Metadata.ResourceVersion, (await cluster.Service("web")).Metadata.ResourceVersion);
    }

    private static ServiceStatus Served(string uid) =>
        new(Web, uid, [Address.Parse("192.0.2.1")], new("pool"), Finalizers.Standard,
            [new(ConditionTypes.AddressAssigned, true, "AddressAssigned", "192.0.2.1 of pool pool")]);
}
