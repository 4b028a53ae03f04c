using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Kubernetes.Events;
using OrleansLb.Kubernetes.Feed;
using OrleansLb.Kubernetes.Membership;
using OrleansLb.Kubernetes.Objects;
using OrleansLb.Kubernetes.Records;
using OrleansLb.Kubernetes.Records.Statuses;

namespace OrleansLb.Kubernetes.Tests.Deploy;

/// <summary>The roles under <c>deploy/</c> against what this house really asks of the API: no less, and no more.</summary>
public sealed class RoleTests
{
    private const string Base = "base/rbac.yaml";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static readonly ServiceName Web = new("default", "web");

    private const string Objects = """
        apiVersion: v1
        kind: Namespace
        metadata: {name: metallb-system}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: orleanslb-system}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: default}
        spec: {type: LoadBalancer, ports: [{port: 80}]}
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: n1}
        ---
        apiVersion: orleanslb.io/v1alpha1
        kind: AddressPool
        metadata: {name: front}
        spec: {addresses: [192.0.2.1]}
        ---
        apiVersion: orleanslb.io/v1alpha1
        kind: L2Advertisement
        metadata: {name: front}
        spec: {}
        ---
        apiVersion: orleanslb.io/v1alpha1
        kind: BGPAdvertisement
        metadata: {name: front}
        spec: {}
        ---
        apiVersion: orleanslb.io/v1alpha1
        kind: BGPPeer
        metadata: {name: front}
        spec: {myASN: 64500, peerASN: 64501, peerAddress: 192.0.2.253}
        ---
        apiVersion: orleanslb.io/v1alpha1
        kind: AddressQuota
        metadata: {name: front}
        spec: {addresses: 3}
        ---
        apiVersion: orleanslb.io/v1alpha1
        kind: BFDProfile
        metadata: {name: front}
        spec: {}
        ---
        apiVersion: orleanslb.io/v1alpha1
        kind: Community
        metadata: {name: front}
        spec: {communities: [{name: a, value: "1:1"}]}
        ---
        apiVersion: network.kubesphere.io/v1alpha2
        kind: Eip
        metadata: {name: front}
        spec: {address: 203.0.113.1, protocol: layer2, interface: eth0}
        ---
        apiVersion: network.kubesphere.io/v1alpha2
        kind: BgpConf
        metadata: {name: default}
        spec: {as: 64500}
        ---
        apiVersion: network.kubesphere.io/v1alpha2
        kind: BgpPeer
        metadata: {name: front}
        spec: {conf: {peerAs: 64501, neighborAddress: 192.0.2.252}}
        """;

    [Fact]
    public async Task The_base_role_is_enough_without_the_config_map()
    {
        await using var api = await GuardedApi.Start(Roles.Of(Base));
        await Work(api);
        Assert.NotEmpty(api.Denied);
        Assert.All(api.Denied, denied => Assert.Equal(("configmaps", "metallb-system"), (denied.Resource, denied.Namespace)));
    }

    [Fact]
    public async Task Without_the_right_to_mark_nodes_that_is_what_is_said()
    {
        await using var api = await GuardedApi.Start(Roles.Of(Base));
        await api.Apply(Objects);
        using var client = api.Connect();
        Assert.Equal(NodeMark.Forbidden, await new NodeMarker(client).Drain(new("n1"), draining: true, Cancellation));
    }

    /// <summary>A role from before the program wrote there must not hold up what it does grant.</summary>
    [Fact]
    public async Task Without_the_right_to_the_status_of_OpenELB_s_peers_the_others_are_written()
    {
        await using var api = await GuardedApi.Start(Roles.Of(Base).Without("patch bgppeers/status.network.kubesphere.io"));
        await api.Apply(Objects);
        using var client = api.Connect();
        var statuses = new StatusObjectStore(client, TimeProvider.System);
        await statuses.Put(new StatusObject.OpenElbPeer(new("n1"), "front", SessionHealth.Down, default, Session), Cancellation);
        await statuses.Put(new StatusObject.OpenElbConf(new("n1"), 64500, Address.Parse("192.0.2.1")), Cancellation);
        Assert.Equal("bgppeers/status", Assert.Single(api.Denied).Resource);
        Assert.Empty(await statuses.Standing(StatusKind.OpenElbPeer, null, Cancellation));
        Assert.Single(await statuses.Standing(StatusKind.OpenElbConf, null, Cancellation));
    }

    [Fact]
    public async Task The_base_role_grants_nothing_that_is_not_asked_for()
    {
        var roles = Roles.Of(Base);
        await using var api = await GuardedApi.Start(roles);
        await Work(api);
        Assert.Empty(roles.All.Except(api.Granted.Select(granted => granted.ToString())).Except(ListsThatAreStreamed(roles)).Except(CreatesByApply(roles)));
    }

    [Fact]
    public async Task With_the_roles_of_the_parts_nothing_is_denied()
    {
        var roles = Roles.Of(Base, "components/bgp-passwords/rbac.yaml", "components/drain/rbac.yaml", "metallb-configmap/rbac.yaml");
        await using var api = await GuardedApi.Start(roles);
        await api.Apply("""
            apiVersion: orleanslb.io/v1alpha1
            kind: BGPPeer
            metadata: {name: router}
            spec: {myASN: 64500, peerASN: 64501, peerAddress: 192.0.2.254, passwordSecret: {name: md5, namespace: default}}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: md5, namespace: default}
            type: kubernetes.io/basic-auth
            stringData: {username: "", password: s3cret}
            """);
        await Work(api, until: change => change is ClusterChange.ConfigurationRead read && read.Declarations.OfType<BgpPeer>().Any());
        using (var client = api.Connect()) Assert.Equal(NodeMark.Written, await new NodeMarker(client).Drain(new("n1"), draining: true, Cancellation));
        Assert.Empty(api.Denied);
        Assert.Empty(roles.All.Except(api.Granted.Select(granted => granted.ToString())).Except(ListsThatAreStreamed(roles)).Except(CreatesByApply(roles)));
    }

    [Fact]
    public async Task A_status_that_may_not_be_written_is_named_once_keeps_no_other_back_and_is_written_once_it_may()
    {
        var all = Roles.Of(Base);
        await using var api = await GuardedApi.Start(all.Without("patch addresspools/status.orleanslb.io"));
        await api.Apply(Objects);
        using var client = api.Connect();
        var log = new RecordingLog<ConfigurationStatusWriter>();
        var writer = new ConfigurationStatusWriter(client, TimeProvider.System, log);
        var report = new ConfigurationReport([Accepted("AddressPool"), Accepted("AddressQuota")], []);
        for (var attempt = 0; attempt < 2; attempt++) await Assert.ThrowsAsync<RecordUnavailableException>(() => writer.Write(report, Cancellation));
        Assert.Contains("resources: [addresspools/status], verbs: [patch]", Assert.Single(log.Lines).Message, StringComparison.Ordinal);
        Assert.Equal((false, true), (await IsShown(client, "addresspools"), await IsShown(client, "addressquotas")));
        api.Roles = all;
        await writer.Write(report, Cancellation);
        Assert.True(await IsShown(client, "addresspools"));
    }

    [Fact]
    public async Task Counts_of_a_pool_that_may_not_be_written_are_written_once_they_may()
    {
        var all = Roles.Of(Base);
        await using var api = await GuardedApi.Start(all.Without("patch addresspools/status.orleanslb.io"));
        await api.Apply(Objects);
        using var client = api.Connect();
        var log = new RecordingLog<PoolStatusWriter>();
        var writer = new PoolStatusWriter(client, TimeProvider.System, log);
        var report = new PoolReport(Accepted("AddressPool").Object, new(new("front"), true, false, [AddressRange.Parse("192.0.2.1")], []), []);
        await Assert.ThrowsAsync<RecordUnavailableException>(() => writer.Write(report, Cancellation));
        api.Roles = all;
        await writer.Write(report, Cancellation);
        Assert.True(await IsShown(client, "addresspools"));
        api.Roles = all.Without("patch addresspools/status.orleanslb.io");
        await Assert.ThrowsAsync<RecordUnavailableException>(() => writer.Write(report, Cancellation));
        Assert.Equal(2, log.Lines.Count); // once for each time that the right was missing
    }

    private static ObjectVerdict Accepted(string kind) =>
        new(new("orleanslb.io/v1alpha1", kind, "", "front", Generation: 1), true, true, Reason.ConfigurationAccepted, "");

    private static async Task<bool> IsShown(ApiClient client, string plural)
    {
        var resource = DialectCatalog.Resources.Single(known => known.Group == "orleanslb.io" && known.Plural == plural);
        return (await client.Get(ResourceTypes.Custom(resource), null, "front", Cancellation)).Root["status"] is not null;
    }

    /// <summary>A list may come as a watch that begins with what there is; a server that cannot do that is asked for the list itself.</summary>
    private static IEnumerable<string> ListsThatAreStreamed(Roles roles) => roles.All.Where(grant => grant.StartsWith("list ", StringComparison.Ordinal));

    /// <summary>A server that makes an object by apply asks for the right to create it too, besides that to patch.</summary>
    private static IEnumerable<string> CreatesByApply(Roles roles) =>
        roles.All.Where(grant =>
            grant.StartsWith("create ", StringComparison.Ordinal) && MadeByApply.Any(kind => grant.Contains(kind, StringComparison.Ordinal)));

    private static readonly string[] MadeByApply = ["statuses", "configurationstates", "acceptedforms"];

    private static async Task<IEnumerable<string>> Names(ApiClient client) =>
        (await client.List(ResourceTypes.AcceptedForms, new(), Cancellation)).Items!.Select(form => form.Metadata.Name);

    /// <summary>Everything the service does in a cluster: reads it, holds an address, writes a status, tells of it, and takes all back.</summary>
    private static async Task Work(GuardedApi api, Func<ClusterChange, bool>? until = null)
    {
        await api.Apply(Objects);
        using var client = api.Connect();
        var cache = new ServiceCache();
        var status = new ServiceStatusWriter(client, cache, ServiceRules.Default, TimeProvider.System, NullLogger<ServiceStatusWriter>.Instance);
        var uid = (await client.Get(ResourceTypes.Services, "default", "web", Cancellation)).Metadata.Uid!;
        var forms = new AcceptedForms(client, NullLogger<AcceptedForms>.Instance);
        await using (var feed =
            new FeedReader(new ClusterFeed(client, ServiceRules.Default, cache, forms, new Random(1), TimeProvider.System, NullLogger<ClusterFeed>.Instance)))
        {
            await feed.Next<ClusterChange.ServicesRead>();
            if (until is not null && !feed.Told.Any(until)) await feed.Next(until);
            forms.Note([], []);
            await forms.Write(Cancellation);
            await client.Delete(ResourceTypes.AcceptedForms.Resource,
                new(null, Assert.Single(await Names(client), name => name.StartsWith("eip.front.", StringComparison.Ordinal))), default, Cancellation);
        }
        await Claim(new ClaimStore(client));
        await Join(client);
        await status.Write(new ServiceStatus(Web, uid, [Address.Parse("192.0.2.1")], new("pool"), Finalizers.Own,
            [new(ConditionTypes.AddressAssigned, true, "AddressAssigned", "")]), [], Cancellation);
        await status.Clear(Web, uid, Finalizers.Own, Cancellation);
        await Show(new StatusObjectStore(client, TimeProvider.System));
        await Tell(api, client, uid);
        await Show(client);
    }

    /// <summary>All that is written to the objects that configure us, and to MetalLB's verdict on its own.</summary>
    private static async Task Show(ApiClient client)
    {
        var objects = DialectCatalog.Resources
            .Select(resource => new ObjectReference(resource.ApiVersion, resource.Kind, resource.Namespaced ? "metallb-system" : "", "front", "uid"))
            .ToList();
        var pools = new PoolStatusWriter(client, TimeProvider.System, NullLogger<PoolStatusWriter>.Instance);
        foreach (var pool in objects.Where(item => item.Kind is "AddressPool" or "IPAddressPool" or "Eip"))
        {
            await pools.Write(new(pool, new(new("front"), true, false, [AddressRange.Parse("192.0.2.1")], []), []), Cancellation);
        }
        var verdicts = new ConfigurationStatusWriter(client, TimeProvider.System, NullLogger<ConfigurationStatusWriter>.Instance);
        var report = new ConfigurationReport([.. objects.Select(item => new ObjectVerdict(item, true, true, Reason.ConfigurationAccepted, ""))], [new("n1")]);
        await verdicts.Write(report, Cancellation);
        await verdicts.Write(report with { Nodes = [] }, Cancellation);
    }

    private static async Task Show(StatusObjectStore statuses)
    {
        NodeName node = new("n1");
        foreach (var status in (StatusObject[])
            [new StatusObject.BgpSession(node, "tor", SessionHealth.Down, default, null, ""), new StatusObject.ServiceBgp(Web, node, ["tor"]),
                new StatusObject.ServiceLayer2(Web, node, ["eth0"]), new StatusObject.OpenElbConf(node, 64500, Address.Parse("192.0.2.1")),
                new StatusObject.OpenElbPeer(node, "front", SessionHealth.Down, default, Session)])
        {
            await statuses.Put(status, Cancellation);
            Assert.Contains(status.Subject, await statuses.Standing(status.Subject.Kind, node, Cancellation));
            await statuses.Delete(status.Subject, Cancellation);
        }
    }

    private static PeerStatus Session => new("front", null, PeerState.Idle, default, null, null, null, null, [], 0, null, null, null, default, default, 0, 0);

    private static async Task Claim(ClaimStore claims)
    {
        var claim = new AddressClaim(Address.Parse("192.0.2.1"), new("pool"), [new ClaimHolder(Web, "u")]);
        var written = Assert.IsType<ClaimWrite.Written>(await claims.Create(claim, Cancellation)).Claim;
        Assert.IsType<ClaimWrite.Conflict>(await claims.Create(claim, Cancellation));
        written = Assert.IsType<ClaimWrite.Written>(await claims.Update(written with { SharingKey = "k" }, Cancellation)).Claim;
        Assert.Single(await claims.List(new("pool"), Cancellation));
        Assert.IsType<ClaimWrite.Written>(await claims.Delete(written, Cancellation));
    }

    /// <summary>What a silo does to be a member, and to hear of the others.</summary>
    private static async Task Join(ApiClient client)
    {
        var store = new SiloTableStore(client, new("orleanslb-system", "orleanslb", "c"), TimeProvider.System);
        await store.Create(Cancellation);
        var etag = (await store.Read(Cancellation)).Etag;
        Assert.True(await store.Write(etag, table => table.Insert(new() { Address = "192.0.2.1:8481@1", Name = "n1", Status = "Dead" }, 1, etag),
            Cancellation));
        await store.Beat("192.0.2.1:8481@1", DateTimeOffset.UnixEpoch, Cancellation);
        await Join(new SiloTableStore(client, new("orleanslb-system", "orleanslb", "c") { Pod = new("gone", "uid") }, TimeProvider.System), "192.0.2.2:8481@1");
        await foreach (var table in new SiloTableWatch(client, store, new Random(1), TimeProvider.System, NullLogger.Instance).Versions(Cancellation))
        {
            if (table == 2) break;
        }
        await foreach (var orphan in new PodWatch(client, store, new Random(1), TimeProvider.System, NullLogger.Instance).Orphans(Cancellation))
        {
            Assert.Equal("192.0.2.2:8481@1", orphan);
            break;
        }
        await store.Prune(_ => true, DateTimeOffset.UnixEpoch.AddDays(1), Cancellation);
    }

    private static async Task Join(SiloTableStore store, string silo)
    {
        var read = await store.Read(Cancellation);
        Assert.True(await store.Write(read.Etag, table => table.Insert(new() { Address = silo, Name = "n2", Status = "Active" }, 2, read.Etag), Cancellation));
        await store.Beat(silo, DateTimeOffset.UnixEpoch, Cancellation);
    }

    /// <summary>The same twice: a new event, then a series of it.</summary>
    private static async Task Tell(GuardedApi api, ApiClient client, string uid)
    {
        var events = new EventRecorder(client, "n1", TimeProvider.System, NullLogger<EventRecorder>.Instance);
        await events.StartAsync(Cancellation);
        for (var i = 0; i < 2; i++) events.Record(new ObjectReference("v1", "Service", "default", "web", uid), warning: false, "AddressAssigned", "192.0.2.1");
        await api.WhenAsked("patch events.events.k8s.io");
        await events.StopAsync(Cancellation);
    }
}
