using System.Text.Json;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Services;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Kubernetes.Manifests;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Tests.Dialects;

public sealed class ServiceTests
{
    [Theory]
    [InlineData("type: ClusterIP", true, false)]
    [InlineData("type: LoadBalancer", true, true)]
    [InlineData("type: LoadBalancer", false, false)]
    [InlineData("type: LoadBalancer, loadBalancerClass: orleanslb.io/load-balancer", false, true)]
    [InlineData("type: LoadBalancer, loadBalancerClass: example.com/other", true, false)]
    public void Type_and_class_decide_whose_it_is(string spec, bool servesDefault, bool wanted) =>
        Assert.Equal(wanted, Read(spec, rules: ServiceRules.Default with { ServesDefault = servesDefault }).IsWanted);

    [Theory]
    [InlineData("openelb", true)]
    [InlineData("porter", false)]
    public void A_service_of_openelb_is_ours_even_when_the_default_class_is_not(string value, bool wanted) =>
        Assert.Equal(wanted, Read("type: LoadBalancer", $"lb.kubesphere.io/v1alpha1: {value}", ServiceRules.Default with { ServesDefault = false }).Wanted);

    [Theory]
    [InlineData("orleanslb.io/address-pool")]
    [InlineData("metallb.io/address-pool")]
    [InlineData("metallb.universe.tf/address-pool")]
    [InlineData("eip.openelb.kubesphere.io/v1alpha2")]
    public void A_pool_is_asked_for_in_every_dialect(string key) => Assert.Equal(new PoolName("p"), Read("type: LoadBalancer", $"{key}: p").Pool);

    [Theory]
    [InlineData("orleanslb.io/addresses")]
    [InlineData("metallb.io/loadBalancerIPs")]
    [InlineData("metallb.universe.tf/loadBalancerIPs")]
    [InlineData("eip.openelb.kubesphere.io/v1alpha1")]
    public void Addresses_are_asked_for_in_every_dialect(string key) =>
        Assert.Equal([Address.Parse("192.0.2.1"), Address.Parse("2001:db8::1")], Read("type: LoadBalancer", $"{key}: '192.0.2.1, 2001:db8::1'").Addresses);

    [Fact]
    public void An_address_may_be_asked_for_in_the_spec() =>
        Assert.Equal([Address.Parse("192.0.2.1")], Read("type: LoadBalancer, loadBalancerIP: 192.0.2.1").Addresses);

    [Theory]
    [InlineData("metallb.io/loadBalancerIPs: 192.0.2.300", "metadata.annotations[metallb.io/loadBalancerIPs]", "not an IP address")]
    [InlineData("metallb.io/loadBalancerIPs: '192.0.2.1,192.0.2.2'", "metadata.annotations[metallb.io/loadBalancerIPs]", "more than one IPv4")]
    [InlineData("metallb.io/loadBalancerIPs: 192.0.2.1", "spec.loadBalancerIP", "different addresses", "192.0.2.9")]
    [InlineData("metallb.io/loadBalancerIPs: 192.0.2.9", "spec.loadBalancerIP", "MetalLB takes only one", "192.0.2.9")]
    [InlineData("metallb.io/address-pool: a, orleanslb.io/address-pool: b", "metadata.annotations[metallb.io/address-pool]", "keep one")]
    public void A_contradiction_is_an_error(string annotations, string field, string says, string? specAddress = null)
    {
        var problem = Assert.Single(Read($"type: LoadBalancer{(specAddress is null ? "" : $", loadBalancerIP: {specAddress}")}", annotations).Problems);
        Assert.Equal((field, Severity.Error), (problem.Field, problem.Severity));
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1024, false)]
    [InlineData(1025, true)]
    public void A_sharing_key_is_no_longer_than_a_claim_holds(int length, bool isRefused)
    {
        var request = Read("type: LoadBalancer", $"metallb.io/allow-shared-ip: {new string('k', length)}");
        Assert.Equal(isRefused, request.SharingKey is null);
        Assert.Equal(isRefused,
            request.Problems.Any(problem => problem.Severity == Severity.Error && problem.Message.Contains("1025 letters", StringComparison.Ordinal)));
    }

    [Fact]
    public void Our_annotation_may_say_what_the_spec_says()
    {
        var request = Read("type: LoadBalancer, loadBalancerIP: 192.0.2.9", "orleanslb.io/addresses: 192.0.2.9");
        Assert.Equal([Address.Parse("192.0.2.9")], request.Addresses);
        Assert.Empty(request.Problems);
    }

    [Fact]
    public void The_annotation_of_openelb_wins_over_the_spec()
    {
        var request =
            Read("type: LoadBalancer, loadBalancerIP: 192.0.2.9", "lb.kubesphere.io/v1alpha1: openelb, eip.openelb.kubesphere.io/v1alpha1: 192.0.2.1");
        Assert.Equal([Address.Parse("192.0.2.1")], request.Addresses);
        Assert.Empty(request.Problems);
    }

    [Fact]
    public void Services_of_openelb_share_an_address_with_those_that_name_it_and_seek_none_to_share()
    {
        foreach (var named in (ReadOnlySpan<string>)["", ", eip.openelb.kubesphere.io/v1alpha1: 192.0.2.1"])
        {
            var request = Read("type: LoadBalancer", $"lb.kubesphere.io/v1alpha1: openelb{named}");
            Assert.Equal(("openelb", true), (request.SharingKey, request.SharesOnRequest));
        }
        var keyed = Read("type: LoadBalancer", "lb.kubesphere.io/v1alpha1: openelb, orleanslb.io/sharing-key: k");
        Assert.Equal(("k", false), (keyed.SharingKey, keyed.SharesOnRequest));
        Assert.Null(Read("type: LoadBalancer", "metallb.io/loadBalancerIPs: 192.0.2.1").SharingKey);
    }

    [Theory]
    [InlineData("metallb.io/loadBalancerIPs: '::ffff:192.0.2.1'", "192.0.2.1")]
    [InlineData("metallb.universe.tf/loadBalancerIPs: ' ::ffff:c000:201 , 2001:db8::1'", "192.0.2.1 2001:db8::1")]
    public void An_ipv4_mapped_address_is_the_ipv4_address(string annotation, string expected) =>
        Assert.Equal(expected, string.Join(' ', Read("type: LoadBalancer", annotation).Addresses));

    [Theory]
    [InlineData("metallb.io/adress-pool: a", "did you mean metallb.io/address-pool?")]
    [InlineData("node-proxy.openelb.kubesphere.io/type: daemonset", "not yet honoured")]
    [InlineData("metallb.universe.tf/address-pool: a", "write metallb.io/address-pool")]
    public void What_has_no_effect_or_is_old_is_said(string annotations, string says)
    {
        var problem = Assert.Single(Read("type: LoadBalancer", annotations).Problems);
        Assert.Equal(Severity.Warning, problem.Severity);
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_annotations_that_load_balancers_write_are_no_wishes() =>
        Assert.Empty(Read("type: LoadBalancer", "metallb.io/ip-allocated-from-pool: a, orleanslb.io/allocated-from-pool: b, example.com/other: c").Problems);

    [Fact]
    public void Families_policies_ports_and_selector_are_kept()
    {
        var request =
            Read("type: LoadBalancer, ipFamilies: [IPv6, IPv4], ipFamilyPolicy: PreferDualStack, externalTrafficPolicy: Local, selector: {b: '2', a: '1'}, "
                + "ports: [{port: 53, protocol: UDP}, {port: 53}, {port: 9, protocol: SCTP}]");
        Assert.Equal([IpFamily.IPv6, IpFamily.IPv4], request.Families);
        Assert.Equal((FamilyPolicy.PreferDualStack, TrafficPolicy.Local, "a=1,b=2"), (request.FamilyPolicy, request.TrafficPolicy, request.BackendKey));
        Assert.Equal(["tcp/53", "udp/53", "sctp/9"], request.Ports.Select(port => port.ToString()));
    }

    [Theory]
    [InlineData("type: LoadBalancer", "[service.kubernetes.io/load-balancer-cleanup]", "service.kubernetes.io/load-balancer-cleanup",
        "service.kubernetes.io/load-balancer-cleanup")]
    [InlineData("type: LoadBalancer, loadBalancerClass: orleanslb.io/load-balancer", "[orleanslb.io/cleanup]", "orleanslb.io/cleanup", "orleanslb.io/cleanup")]
    [InlineData("type: LoadBalancer, loadBalancerClass: orleanslb.io/load-balancer", "[service.kubernetes.io/load-balancer-cleanup]", null,
        "orleanslb.io/cleanup")]
    [InlineData("type: ClusterIP", "[service.kubernetes.io/load-balancer-cleanup]", "service.kubernetes.io/load-balancer-cleanup",
        "service.kubernetes.io/load-balancer-cleanup")]
    [InlineData("type: LoadBalancer", "[example.com/theirs]", null, "service.kubernetes.io/load-balancer-cleanup")]
    public void A_finalizer_is_ours_by_the_class(string spec, string finalizers, string? born, string wanted)
    {
        var request =
            Translate.Service($"apiVersion: v1\nkind: Service\nmetadata: {{name: s, namespace: ns, uid: u, finalizers: {finalizers}}}\nspec: {{{spec}}}\n");
        Assert.Equal((born, wanted), (request.Finalizer, request.WantedFinalizer));
    }

    [Theory]
    [InlineData("[orleanslb.io/cleanup]", "orleanslb.io/cleanup")]
    [InlineData("[service.kubernetes.io/load-balancer-cleanup]", null)]
    public void Where_the_default_class_is_anothers_a_service_of_openelb_bears_our_own_finalizer(string finalizers, string? born)
    {
        var request =
            Translate.Service($"apiVersion: v1\nkind: Service\nmetadata: {{name: s, annotations: {{lb.kubesphere.io/v1alpha1: openelb}}, finalizers: "
                + $"{finalizers}}}\nspec: {{type: LoadBalancer}}\n", ServiceRules.Default with { ServesDefault = false });
        Assert.Equal((true, born, "orleanslb.io/cleanup"), (request.IsWanted, request.Finalizer, request.WantedFinalizer));
    }

    [Theory]
    [InlineData("type: LoadBalancer, loadBalancerClass: example.com/other", "[]", true)]
    [InlineData("type: LoadBalancer, loadBalancerClass: example.com/other", "[orleanslb.io/cleanup-blue]", true)]
    [InlineData("type: LoadBalancer, loadBalancerClass: example.com/other", "[orleanslb.io/cleanup-red]", false)]
    [InlineData("type: ClusterIP", "[orleanslb.io/cleanup-blue]", true)]
    [InlineData("type: ClusterIP", "[orleanslb.io/cleanup]", true)]
    [InlineData("type: ClusterIP", "[orleanslb.io/cleanup-red]", false)]
    [InlineData("type: ClusterIP", "[]", false)]
    [InlineData("type: LoadBalancer, loadBalancerClass: example.com/red", "[]", false)]
    public void What_another_load_balancer_serves_is_foreign_and_our_own_finalizer_tells_what_is_not(string spec, string finalizers, bool foreign)
    {
        var rules = new ServiceRules(["example.com/red"], ServesDefault: false) { Finalizer = "orleanslb.io/cleanup-red" };
        var request =
            Translate.Service($"apiVersion: v1\nkind: Service\nmetadata: {{name: s, namespace: ns, uid: u, finalizers: {finalizers}}}\nspec: {{{spec}}}\n",
                rules);
        Assert.Equal(foreign, request.Foreign);
    }

    [Fact]
    public void Shown_addresses_are_held()
    {
        var request =
            Translate.Service("apiVersion: v1\nkind: Service\nmetadata: {name: s}\nspec: {type: LoadBalancer}\nstatus: {loadBalancer: {ingress: [{ip: "
                + "192.0.2.1}, {hostname: h}]}}\n");
        Assert.Equal([Address.Parse("192.0.2.1")], request.Held);
    }

    /// <summary>While an endpoint moves between slices both may carry it, and either may be out of date.</summary>
    [Theory]
    [InlineData("ready: true", null, "1")]
    [InlineData("ready: false", null, "")]
    [InlineData("ready: false", "ready: true", "1")]
    [InlineData("ready: true", "ready: false", "1")]
    [InlineData("ready: false", "ready: false, serving: true", "1")]
    [InlineData("ready: false", "ready: false", "")]
    [InlineData("ready: true", "ready: false, serving: true", "1")]
    [InlineData("", null, "1")]
    [InlineData("serving: false", null, "1")]
    [InlineData("ready: true, serving: false", null, "1")]
    public void An_endpoint_of_two_slices_counts_once_at_its_best(string one, string? other, string expected)
    {
        var endpoints = ServiceEndpoints.Of(new[] { one, other }.OfType<string>().Select(Slice));
        Assert.Equal(expected, string.Join(',', endpoints.Nodes.Select(node => node.Count)));
        Assert.Equal(0, endpoints.Elsewhere);

        static EndpointSliceObject Slice(string conditions)
        {
            var manifest = Assert.Single(new ManifestReader(ManifestKinds.All).ReadText(
                "apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: s}\naddressType: IPv4\nendpoints: [{addresses: [10.0.0.1], "
                    + $"nodeName: node1, conditions: {{{conditions}}}}}]\n", "file.yaml").Manifests);
            return JsonSerializer.Deserialize(manifest.Root.ToJson(), ResourceTypes.EndpointSlices.Json)!;
        }
    }

    private static ServiceRequest Read(string spec, string annotations = "", ServiceRules? rules = null) =>
        Translate.Service($"apiVersion: v1\nkind: Service\nmetadata: {{name: s, namespace: ns, uid: u, annotations: {{{annotations}}}}}\nspec: {{{spec}}}\n",
            rules);
}
