using OrleansLb.Api.Hosting;
using OrleansLb.Api.Json;
using OrleansLb.Api.Tests.Fixtures;
using static OrleansLb.Api.Tests.Fixtures.Manifests;

namespace OrleansLb.Api.Tests.Services;

public sealed class ServiceTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    public static TheoryData<string, string> Refusals => new()
    {
        { "{}", "spec.ports: Required value" },
        { """{"type":"Balancer","ports":[{"port":80}]}""", "spec.type: Unsupported value: \"Balancer\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\"" },
        { """{"ports":[{"port":80},{"port":81}]}""", "spec.ports[0].name: Required value" },
        { """{"ports":[{"port":80,"name":"a"},{"port":81,"name":"a"}]}""", "spec.ports[1].name: Duplicate value: \"a\"" },
        { """{"ports":[{"port":80,"name":"a"},{"port":80,"name":"b"}]}""", "spec.ports[1]: Duplicate value" },
        { """{"ports":[{"port":70000}]}""", "spec.ports[0].port: Invalid value: 70000: must be between 1 and 65535, inclusive" },
        { """{"ports":[{"port":80,"protocol":"ICMP"}]}""", "spec.ports[0].protocol: Unsupported value: \"ICMP\"" },
        { """{"ports":[{"port":80,"targetPort":"not_a_name"}]}""", "spec.ports[0].targetPort: Invalid value" },
        { """{"ports":[{"port":80,"nodePort":30080}]}""", "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'" },
        { """{"type":"NodePort","ports":[{"port":80,"nodePort":80}]}""", "provided port is not in the valid range. The range of valid ports is 30000-32767" },
        { """{"type":"LoadBalancer","clusterIP":"None","ports":[{"port":80}]}""", "may not be set to 'None' for LoadBalancer services" },
        { """{"loadBalancerClass":"x","ports":[{"port":80}]}""", "spec.loadBalancerClass: Forbidden: may only be used when `type` is 'LoadBalancer'" },
        { """{"allocateLoadBalancerNodePorts":false,"ports":[{"port":80}]}""", "spec.allocateLoadBalancerNodePorts: Forbidden" },
        { """{"externalTrafficPolicy":"Local","ports":[{"port":80}]}""", "may only be set for externally-accessible services" },
        { """{"type":"LoadBalancer","loadBalancerSourceRanges":["10.0.0.1"],"ports":[{"port":80}]}""", "spec.loadBalancerSourceRanges[0]: Invalid value: \"10.0.0.1\": must be a valid CIDR value" },
        { """{"type":"LoadBalancer","healthCheckNodePort":30001,"ports":[{"port":80}]}""", "spec.healthCheckNodePort: Invalid value: 30001" },
        { """{"clusterIP":"192.0.2.1","ports":[{"port":80}]}""", "the provided IP is not in the valid range" },
        { """{"ipFamilies":["IPv5"],"ports":[{"port":80}]}""", "spec.ipFamilies[0]: Unsupported value" },
        { """{"ipFamilyPolicy":"SingleStack","ipFamilies":["IPv4","IPv6"],"ports":[{"port":80}]}""", "may not be 'SingleStack' when multiple 'ipFamilies' are specified" },
        { """{"type":"ExternalName"}""", "spec.externalName: Required value" },
        { """{"externalIPs":["127.0.0.1"],"ports":[{"port":80}]}""", "spec.externalIPs[0]: Invalid value" },
    };

    [Theory, MemberData(nameof(Refusals))]
    public async Task What_the_real_server_refuses_is_refused_in_its_words(string spec, string expected)
    {
        var refused = (await api.PostAsync(await ServicesAsync(), Service("x", spec))).Expect(422);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("Service \"x\" is invalid: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_load_balancer_gets_what_it_needs()
    {
        var made = (await api.PostAsync(await ServicesAsync(), Service("lb", """{"type":"LoadBalancer","ports":[{"port":80},{"port":53,"protocol":"UDP","name":"dns"}]}""".Replace("{\"port\":80}", "{\"port\":80,\"name\":\"web\"}", StringComparison.Ordinal)))).Expect(201);
        Assert.StartsWith("10.96.", made.At("spec.clusterIP").AsText(), StringComparison.Ordinal);
        Assert.Equal(made.At("spec.clusterIP").AsText(), made.At("spec.clusterIPs.0").AsText());
        Assert.Equal(("IPv4", "SingleStack"), (made.At("spec.ipFamilies.0").AsText(), made.At("spec.ipFamilyPolicy").AsText()));
        Assert.InRange(made.At("spec.ports.0.nodePort").AsWhole() ?? 0, 30000, 32767);
        Assert.NotEqual(made.At("spec.ports.0.nodePort").AsWhole(), made.At("spec.ports.1.nodePort").AsWhole());
        Assert.Equal(("Cluster", "Cluster", "None"),
            (made.At("spec.externalTrafficPolicy").AsText(), made.At("spec.internalTrafficPolicy").AsText(), made.At("spec.sessionAffinity").AsText()));
        Assert.Equal(80, made.At("spec.ports.0.targetPort").AsWhole());
        Assert.Equal("{}", made.At("status.loadBalancer")!.ToJsonString());
        Assert.Null(made.At("metadata.generation"));
    }

    [Fact]
    public async Task Without_node_ports_none_are_given_and_later_they_are()
    {
        var path = await ServicesAsync();
        var made = (await api.PostAsync(path, Service("lb", """{"type":"LoadBalancer","allocateLoadBalancerNodePorts":false,"ports":[{"port":80}]}"""))).Expect(201);
        Assert.Null(made.At("spec.ports.0.nodePort"));
        Assert.InRange((await api.MergeAsync($"{path}/lb", """{"spec":{"allocateLoadBalancerNodePorts":true}}""")).Expect(200).At("spec.ports.0.nodePort").AsWhole() ?? 0, 30000, 32767);
    }

    [Fact]
    public async Task Local_traffic_gets_a_health_check_port_that_stays()
    {
        var path = await ServicesAsync();
        var made = (await api.PostAsync(path, Service("lb", """{"type":"LoadBalancer","externalTrafficPolicy":"Local","ports":[{"port":80}]}"""))).Expect(201);
        Assert.InRange(made.At("spec.healthCheckNodePort").AsWhole() ?? 0, 30000, 32767);
        (await api.MergeAsync($"{path}/lb", """{"spec":{"healthCheckNodePort":30002}}""")).Expect(422);
        Assert.Null((await api.MergeAsync($"{path}/lb", """{"spec":{"externalTrafficPolicy":"Cluster"}}""")).Expect(200).At("spec.healthCheckNodePort"));
    }

    [Fact]
    public async Task Two_families_get_an_address_each()
    {
        var path = await ServicesAsync();
        var made = (await api.PostAsync(path, Service("dual", """{"ipFamilyPolicy":"RequireDualStack","ipFamilies":["IPv6"],"ports":[{"port":80}]}"""))).Expect(201);
        Assert.Equal(["IPv6", "IPv4"], made.Json.Object("spec").Texts("ipFamilies"));
        Assert.StartsWith("fd00:10:96::", made.At("spec.clusterIPs.0").AsText(), StringComparison.Ordinal);
        Assert.StartsWith("10.96.", made.At("spec.clusterIPs.1").AsText(), StringComparison.Ordinal);
        var single = (await api.MergeAsync($"{path}/dual", """{"spec":{"ipFamilyPolicy":"SingleStack"}}""")).Expect(200);
        Assert.Equal(["IPv6"], single.Json.Object("spec").Texts("ipFamilies"));
        Assert.Single(single.Json.Object("spec").Texts("clusterIPs"));
        Assert.Equal(2, (await api.MergeAsync($"{path}/dual", """{"spec":{"ipFamilyPolicy":"PreferDualStack"}}""")).Expect(200).Json.Object("spec").Texts("clusterIPs").Count());
    }

    [Fact]
    public async Task A_headless_service_has_no_address()
    {
        var made = (await api.PostAsync(await ServicesAsync(), Service("none", """{"clusterIP":"None","selector":{"a":"b"}}"""))).Expect(201);
        Assert.Equal("None", made.At("spec.clusterIPs.0").AsText());
    }

    [Fact]
    public async Task Leaving_the_type_takes_what_belongs_to_it()
    {
        var path = await ServicesAsync();
        var made = (await api.PostAsync(path, Service("lb", """{"type":"LoadBalancer","loadBalancerClass":"example.com/x","externalTrafficPolicy":"Local","ports":[{"port":80}]}"""))).Expect(201);
        (await api.StrategicAsync($"{path}/lb/status", """{"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]}}}""")).Expect(200);
        var plain = (await api.MergeAsync($"{path}/lb", """{"spec":{"type":"ClusterIP"}}""")).Expect(200);
        foreach (var name in (string[])["loadBalancerClass", "externalTrafficPolicy", "healthCheckNodePort", "allocateLoadBalancerNodePorts"])
            Assert.Null(plain.At($"spec.{name}"));
        Assert.Null(plain.At("spec.ports.0.nodePort"));
        Assert.Equal("{}", plain.At("status.loadBalancer")!.ToJsonString());
        Assert.Equal(made.At("spec.clusterIP").AsText(), plain.At("spec.clusterIP").AsText());
    }

    [Fact]
    public async Task Class_and_address_may_not_change_once_set()
    {
        var path = await ServicesAsync();
        await api.PostAsync(path, Service("lb", """{"type":"LoadBalancer","loadBalancerClass":"a","ports":[{"port":80}]}"""));
        Assert.Contains("spec.loadBalancerClass: Invalid value: \"b\": may not change once set", (await api.MergeAsync($"{path}/lb", """{"spec":{"loadBalancerClass":"b"}}""")).Expect(422).Message, StringComparison.Ordinal);
        Assert.Contains("may not change once set", (await api.MergeAsync($"{path}/lb", """{"spec":{"clusterIP":"10.96.0.77"}}""")).Expect(422).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replacement_keeps_what_was_allocated()
    {
        var path = await ServicesAsync();
        var made = (await api.PostAsync(path, Service("lb", """{"type":"LoadBalancer","ports":[{"port":80}]}"""))).Expect(201);
        var replaced = (await api.PutAsync($"{path}/lb", Service("lb", """{"type":"LoadBalancer","selector":{"a":"b"},"ports":[{"port":80}]}"""))).Expect(200);
        Assert.Equal(made.At("spec.clusterIP").AsText(), replaced.At("spec.clusterIP").AsText());
        Assert.Equal(made.At("spec.ports.0.nodePort").AsWhole(), replaced.At("spec.ports.0.nodePort").AsWhole());
    }

    [Fact]
    public async Task Status_takes_finalizers_and_ingress_and_leaves_the_spec()
    {
        var path = await ServicesAsync();
        await api.PostAsync(path, Service("lb", """{"type":"LoadBalancer","ports":[{"port":80}]}"""));
        var patched = (await api.StrategicAsync($"{path}/lb/status", """
            {"metadata":{"finalizers":["service.kubernetes.io/load-balancer-cleanup"]},"spec":{"type":"ClusterIP"},"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]},
             "conditions":[{"type":"orleanslb.io/Announced","status":"True","reason":"R","message":"m","lastTransitionTime":"2026-01-01T00:00:00Z"}]}}
            """)).Expect(200);
        Assert.Equal("LoadBalancer", patched.At("spec.type").AsText());
        Assert.Equal("service.kubernetes.io/load-balancer-cleanup", patched.At("metadata.finalizers.0").AsText());
        Assert.Equal("VIP", patched.At("status.loadBalancer.ingress.0.ipMode").AsText());
        Assert.Equal(patched.Text, (await api.MergeAsync($"{path}/lb", """{"status":{"loadBalancer":null}}""")).Expect(200).Text);
    }

    [Theory]
    [InlineData("""{"loadBalancer":{"ingress":[{"ip":"nope"}]}}""", "status.loadBalancer.ingress[0].ip: Invalid value: \"nope\": must be a valid IP address")]
    [InlineData("""{"loadBalancer":{"ingress":[{"hostname":"h.example","ipMode":"VIP"}]}}""", "status.loadBalancer.ingress[0].ipMode: Forbidden")]
    [InlineData("""{"loadBalancer":{"ingress":[{"hostname":"192.0.2.1"}]}}""", "status.loadBalancer.ingress[0].hostname: Invalid value")]
    public async Task A_wrong_status_is_refused(string status, string expected)
    {
        var path = await ServicesAsync();
        await api.PostAsync(path, Service("lb", """{"type":"LoadBalancer","ports":[{"port":80}]}"""));
        Assert.Contains(expected, (await api.MergeAsync($"{path}/lb/status", $$$"""{"status":{{{status}}}}""")).Expect(422).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_load_balancers_have_ingress()
    {
        var path = await ServicesAsync();
        await api.PostAsync(path, Service("plain", """{"ports":[{"port":80}]}"""));
        var refused = (await api.MergeAsync($"{path}/plain/status", """{"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]}}}""")).Expect(422);
        Assert.Contains("may only be used when `spec.type` is \"LoadBalancer\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_port_that_is_held_is_refused_and_freed_with_its_holder()
    {
        var path = await ServicesAsync();
        const string Spec = """{"type":"NodePort","ports":[{"port":80,"nodePort":31999}]}""";
        (await api.PostAsync(path, Service("a", Spec))).Expect(201);
        Assert.Contains("provided port is already allocated", (await api.PostAsync(path, Service("b", Spec))).Expect(422).Message, StringComparison.Ordinal);
        (await api.DeleteAsync($"{path}/a")).Expect(200);
        (await api.PostAsync(path, Service("b", Spec))).Expect(201);
    }

    [Fact]
    public async Task A_full_range_says_so_and_frees_nothing_by_mistake()
    {
        await using var small = await ApiFixture.StartAsync(new EmbeddedApiOptions { Addresses = new() { FirstNodePort = 30000, LastNodePort = 30001 } });
        const string Spec = """{"type":"NodePort","ports":[{"port":80}]}""";
        const string Path = "/api/v1/namespaces/default/services";
        var ports =
            new[] { "a", "b" }.Select(async name => (await small.PostAsync(Path, Service(name, Spec))).Expect(201).At("spec.ports.0.nodePort").AsWhole());
        Assert.Equal([30000, 30001], (await Task.WhenAll(ports)).Order().Select(port => (int)port!));
        Assert.Contains("range is full", (await small.PostAsync(Path, Service("c", Spec))).Expect(500).Message, StringComparison.Ordinal);
        var balancer = (await small.PostAsync(Path, Service("d", """{"type":"LoadBalancer","ports":[{"port":80}]}"""))).Expect(201);
        Assert.Null(balancer.At("spec.ports.0.nodePort"));
        Assert.Contains(balancer.Warnings, warning => warning.Contains("the load balancer goes without", StringComparison.Ordinal));
    }

    private async Task<string> ServicesAsync() => $"/api/v1/namespaces/{await api.NamespaceAsync()}/services";
}
