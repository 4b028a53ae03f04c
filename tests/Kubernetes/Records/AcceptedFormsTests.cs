using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Objects;
using OrleansLb.Kubernetes.Records;

namespace OrleansLb.Kubernetes.Tests.Records;

/// <summary>What was accepted, from one life of the program to the next.</summary>
public sealed class AcceptedFormsTests
{
    private const string MetalLb = "{apiVersion: v1, kind: Namespace, metadata: {name: metallb-system}}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wrong_edit_while_nobody_watches_leaves_the_form_that_was_accepted()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply(Eip("address: 192.0.2.0/28, priority: 3"));
        await Accept(cluster);
        await cluster.Apply(Eip("address: 192.0.2.300"));
        var read = await ReadAnew(cluster);
        Assert.Equal("Eip e", Assert.Single(read.Unreadable).ToString());
        var pool = Assert.IsType<AddressPool>(Assert.Single(read.Accepted, declaration => declaration is AddressPool));
        Assert.Equal(("e", "192.0.2.0-192.0.2.15", 3), (pool.Name.Value, Assert.Single(pool.Ranges).ToString(), pool.Scope.Priority!.Value));
    }

    [Fact]
    public async Task What_was_refused_does_not_replace_what_was_accepted()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply(Eip("address: 192.0.2.1"));
        await using var feed = new FeedReader(cluster.Feed);
        await Accept(cluster, feed);
        await cluster.Apply(Eip("address: 192.0.2.2"));
        var read = await feed.Next<ClusterChange.ConfigurationRead>();
        cluster.Forms.Note([read.Declarations[0].Source], []);
        await cluster.Forms.Write(Cancellation);
        Assert.Equal("192.0.2.1", Ranges((await ReadAnew(cluster)).Accepted));
    }

    [Fact]
    public async Task What_did_not_change_was_accepted_as_it_stands()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply($"{Eip("address: 192.0.2.1")}\n---\n{{apiVersion: orleanslb.io/v1alpha1, kind: L2Advertisement, metadata: {{name: all, "
            + $"labels: {{a: b}}}}, spec: {{}}}}");
        await Accept(cluster);
        var read = await ReadAnew(cluster);
        Assert.Equal(read.Declarations, read.Accepted);
        Assert.NotEmpty(read.Accepted);
    }

    [Fact]
    public async Task What_did_not_change_is_written_once()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply(Eip("address: 192.0.2.1"));
        await Accept(cluster);
        var before = Assert.Single(await Forms(cluster)).Metadata.ResourceVersion;
        var (feed, forms) = cluster.Anew();
        await using var reader = new FeedReader(feed);
        await reader.Next<ClusterChange.ConfigurationRead>();
        forms.Note([], []);
        await forms.Write(Cancellation);
        Assert.Equal(before, Assert.Single(await Forms(cluster)).Metadata.ResourceVersion);
    }

    [Fact]
    public async Task The_form_of_an_object_goes_with_it()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply(Eip("address: 192.0.2.1"));
        await Accept(cluster);
        Assert.Single(await Forms(cluster));
        await cluster.Delete(new("network.kubesphere.io", "v1alpha2", "eips", "Eip", Namespaced: false), null, "e");
        var (feed, forms) = cluster.Anew();
        await using var reader = new FeedReader(feed);
        Assert.Empty((await reader.Next<ClusterChange.ConfigurationRead>()).Accepted);
        forms.Note([], []);
        await forms.Write(Cancellation);
        Assert.Empty(await Forms(cluster));
    }

    /// <summary>A community that routes go on with although somebody deleted it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_form_of_an_object_that_others_use_outlives_it_as_long_as_they_do(bool used)
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply($"{MetalLb}\n---\n{Eip("address: 192.0.2.1")}\n---\n{{apiVersion: metallb.io/v1beta1, kind: Community, metadata: {{name: names, "
            + "namespace: metallb-system}, spec: {communities: [{name: customers, value: '64500:7'}]}}");
        await using (var feed = new FeedReader(cluster.Feed))
        {
            await feed.Next<ClusterChange.ConfigurationRead>(read => read.Declarations.OfType<CommunityAlias>().Any());
            cluster.Forms.Note([], []);
            await cluster.Forms.Write(Cancellation);
            await cluster.Delete(new("metallb.io", "v1beta1", "communities", "Community", Namespaced: true), "metallb-system", "names");
            await feed.Next<ClusterChange.ConfigurationRead>(read => !read.Declarations.OfType<CommunityAlias>().Any());
            cluster.Forms.Note([], used ? [new("metallb.io/v1beta1", "Community", "metallb-system", "names")] : []);
            await cluster.Forms.Write(Cancellation);
        }
        var next = await ReadAnew(cluster);
        Assert.Equal(used ? ["customers"] : [], next.Accepted.OfType<CommunityAlias>().Select(alias => alias.Name));
        Assert.Equal(used ? 2 : 1, (await Forms(cluster)).Count);
        Assert.DoesNotContain(next.Declarations, declaration => declaration is CommunityAlias);
    }

    [Fact]
    public async Task A_password_is_not_copied_and_is_taken_from_the_object_as_it_is_now()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply(Peer("peerPort: 1179, password: hush"));
        await Accept(cluster);
        Assert.DoesNotContain("hush", await Text(cluster), StringComparison.Ordinal);
        await cluster.Apply(Peer("password: hush, holdTime: 1s"));
        var peer = Assert.IsType<BgpPeer>(Assert.Single((await ReadAnew(cluster)).Accepted));
        Assert.Equal((1179, "hush"), (peer.Port, peer.Password!.Value.Value));
    }

    [Fact]
    public async Task A_peer_whose_password_is_nowhere_any_more_is_left_out()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply(Peer("password: hush"));
        await Accept(cluster);
        var edit = new System.Text.Json.Nodes.JsonObject { ["password"] = null, ["holdTime"] = "1s" };
        await cluster.Client.Patch(new("metallb.io", "v1beta2", "bgppeers", "BGPPeer", Namespaced: true), new("metallb-system", "tor"),
            Patch.Merge(new() { ["spec"] = edit }), Cancellation);
        Assert.Empty((await ReadAnew(cluster)).Accepted);
    }

    public static IEnumerable<TheoryDataRow<string, string?>> Edits =>
    [
        new("peers: [{my-asn: 1, peer-asn: 2, peer-address: 192.0.2.9, password: other}, {my-asn: 1, peer-asn: x, peer-address: 192.0.2.1, password: hush}]",
            "hush")
        {
            TestDisplayName = "the peer has it still, in another place",
        },
        new("peers: [", null) { TestDisplayName = "the text cannot be read: the peer goes, and the pools stay" },
    ];

    [Theory, MemberData(nameof(Edits))]
    public async Task A_config_map_s_text_has_its_passwords_withheld(string edited, string? password)
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply(
            $"{MetalLb}\n---\n{ConfigMap("address-pools: [{name: p, protocol: layer2, addresses: [198.51.100.0/28]}]\npeers: [{my-asn: 1, peer-asn: 2, peer-address: 192.0.2.1, password: hush}]")}");
        await Accept(cluster);
        Assert.DoesNotContain("hush", await Text(cluster), StringComparison.Ordinal);
        await cluster.Apply(ConfigMap(edited));
        var accepted = (await ReadAnew(cluster)).Accepted;
        Assert.Equal("198.51.100.0-198.51.100.15", Ranges(accepted));
        Assert.Equal(password, accepted.OfType<BgpPeer>().SingleOrDefault()?.Password?.Value);
    }

    [Fact]
    public async Task A_cluster_without_the_kind_does_without()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Delete(ResourceTypes.Definitions.Resource, null, "acceptedforms.orleanslb.io");
        await cluster.Apply(Eip("address: 192.0.2.1"));
        await Accept(cluster);
        await cluster.Apply(Eip("address: 192.0.2.300"));
        Assert.Empty((await ReadAnew(cluster)).Accepted);
    }

    [Fact]
    public async Task An_object_as_large_as_the_api_takes_is_kept_whole()
    {
        await using var cluster = await Cluster.Start();
        var ranges = string.Join(", ", Enumerable.Range(0, 30_000).Select(i => $"\"10.{i / 128}.{i % 128 * 2}.1-10.{i / 128}.{i % 128 * 2}.9\""));
        await cluster.Apply($"{MetalLb}\n---\n{ConfigMap($"address-pools: [{{name: p, protocol: layer2, addresses: [{ranges}]}}]")}");
        await Accept(cluster);
        await cluster.Apply(ConfigMap("address-pools: [{name: p}]"));
        Assert.Equal(30_000, Assert.Single((await ReadAnew(cluster)).Accepted.OfType<AddressPool>()).Ranges.Count);
    }

    /// <summary>A first life of the program: it reads, accepts all and keeps that.</summary>
    private static async Task Accept(Cluster cluster)
    {
        await using var feed = new FeedReader(cluster.Feed);
        await Accept(cluster, feed);
    }

    private static async Task Accept(Cluster cluster, FeedReader feed)
    {
        await feed.Next<ClusterChange.ConfigurationRead>(read => read.Declarations.Count > 0);
        cluster.Forms.Note([], []);
        await cluster.Forms.Write(Cancellation);
    }

    /// <summary>What the next life is told first.</summary>
    private static async Task<ClusterChange.ConfigurationRead> ReadAnew(Cluster cluster)
    {
        await using var feed = new FeedReader(cluster.Anew().Feed);
        return await feed.Next<ClusterChange.ConfigurationRead>();
    }

    private static async Task<IReadOnlyList<CustomObject>> Forms(Cluster cluster) =>
        (await cluster.Client.List(ResourceTypes.AcceptedForms, new(), Cancellation)).Items ?? [];

    private static async Task<string> Text(Cluster cluster) => System.Text.Encoding.UTF8.GetString(Assert.Single(await Forms(cluster)).Root.ToJson());

    private static string Ranges(IEnumerable<Declaration> declarations) => string.Join(' ', declarations.OfType<AddressPool>().SelectMany(pool => pool.Ranges));

    private static string Eip(string spec) =>
        $"{{apiVersion: network.kubesphere.io/v1alpha2, kind: Eip, metadata: {{name: e}}, spec: {{protocol: bgp, {spec}}}}}";

    private static string Peer(string spec) =>
        $"{MetalLb}\n---\n{{apiVersion: metallb.io/v1beta2, kind: BGPPeer, metadata: {{name: tor, namespace: metallb-system}}, spec: {{myASN: 64500, peerASN: "
            + $"64501, peerAddress: 192.0.2.1, {spec}}}}}";

    private static string ConfigMap(string config) =>
        $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: config, namespace: metallb-system}}\ndata:\n  config: |\n    "
            + $"{config.Replace("\n", "\n    ", StringComparison.Ordinal)}\n";
}
