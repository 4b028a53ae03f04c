using OrleansLb.Silo.Lab;
using OrleansLb.Silo.Lab.Story;
using OrleansLb.Tests;

namespace OrleansLb.Lab.Tests;

/// <summary>What users ask of addresses, by the unmodified kubectl.</summary>
public sealed class AddressesByKubectlTests : IDisposable
{
    private const string Pools = """
        apiVersion: orleanslb.io/v1alpha1
        kind: AddressPool
        metadata: {name: office}
        spec: {addresses: [192.168.0.200-192.168.0.209], retention: 10m}
        ---
        apiVersion: orleanslb.io/v1alpha1
        kind: AddressPool
        metadata: {name: six}
        spec: {addresses: ["2001:db8::10-2001:db8::19"]}
        ---
        apiVersion: orleanslb.io/v1alpha1
        kind: L2Advertisement
        metadata: {name: all}
        spec: {interfaces: [eth0]}
        """;

    private readonly TemporaryFolder _data = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task An_expensive_pool_gives_only_to_who_asks_and_tenants_share_by_the_older_annotation()
    {
        await using var run = await RunningProgram.Serve(_data.Path, Stop);
        (await run.Kubectl("create namespace metallb-system", Stop)).Succeeded();
        await Apply(run, Seeds.CheapAndExpensive);
        await Create(run, "plain", "192.168.144.0");
        await Apply(run, Service("name: paid, annotations: {metallb.universe.tf/address-pool: expensive}", "ports: [{port: 80}]"));
        await Gets(run, "paid", "42.176.25.64");

        foreach (var (name, port) in new[] { ("one", 80), ("two", 443) })
        {
            await Apply(run, Service($"name: {name}, annotations: {{metallb.universe.tf/allow-shared-ip: tenant1}}", $"ports: [{{port: {port}}}]"));
            await Gets(run, name, "192.168.144.1");
        }
        Assert.Equal("cheap", (await run.Kubectl("get service two -o jsonpath={.metadata.annotations.metallb\\.io/ip-allocated-from-pool}", Stop)).Output);
    }

    [Fact]
    public async Task A_service_without_node_ports_is_served_as_any_other()
    {
        await using var run = await Start();
        await Apply(run, Service("name: web", "allocateLoadBalancerNodePorts: false, ports: [{port: 80}]"));
        await Gets(run, "web", "192.168.0.200");
        Assert.Empty((await run.Kubectl("get service web -o jsonpath={.spec.ports[0].nodePort}", Stop)).Output);
        await Patch(run, "web", """{"spec":{"allocateLoadBalancerNodePorts":true}}""");
        (await run.Kubectl("wait service/web --for=jsonpath={.spec.ports[0].nodePort} --timeout=60s", Stop)).Succeeded();
        await Gets(run, "web", "192.168.0.200");
        Assert.Empty((await run.Kubectl("get events --field-selector type=Warning,involvedObject.name=web -o name", Stop)).Succeeded().Output);
    }

    [Fact]
    public async Task A_second_family_comes_and_goes_and_the_first_address_stays()
    {
        await using var run = await Start();
        await Create(run, "web", "192.168.0.200");
        await Patch(run, "web", """{"spec":{"ipFamilyPolicy":"PreferDualStack"}}""");
        await See(run, "service web", "{.status.loadBalancer.ingress[*].ip}", "192.168.0.200 2001:db8::10");
        await Gets(run, "web", "192.168.0.200");
        await Patch(run, "web", """{"spec":{"ipFamilyPolicy":"SingleStack"}}""");
        await See(run, "addressclaims", "{.items[*].metadata.name}", "192.168.0.200");
        await Gets(run, "web", "192.168.0.200");
        await Patch(run, "web", """{"spec":{"ipFamilyPolicy":"RequireDualStack"}}""");
        await See(run, "service web", "{.status.loadBalancer.ingress[*].ip}", "192.168.0.200 2001:db8::10");
    }

    [Fact]
    public async Task Whoever_comes_again_in_time_has_its_address_again_in_whichever_class()
    {
        await using var run = await Start();
        await Create(run, "web", "192.168.0.200");
        await Patch(run, "web", """{"spec":{"type":"ClusterIP"}}""");
        await See(run, "service web", "{.metadata.finalizers}", "");
        Assert.Equal("'' ''",
            (await run.Kubectl("get service web -o jsonpath='{.status.loadBalancer.ingress}'+'{.status.conditions}'", Stop)).Output.Replace('+', ' '));
        await Create(run, "other", "192.168.0.201");

        await Patch(run, "web", """{"spec":{"type":"LoadBalancer","loadBalancerClass":"orleanslb.io/load-balancer"}}""");
        await Gets(run, "web", "192.168.0.200");
        await Shows(run, "web", "{.metadata.finalizers[*]}", "orleanslb.io/cleanup");
        (await run.Kubectl("delete service web --timeout=60s", Stop)).Succeeded();
        await Create(run, "web", "192.168.0.200");
        await Shows(run, "web", "{.metadata.finalizers[*]}", "service.kubernetes.io/load-balancer-cleanup");
    }

    [Fact]
    public async Task Ten_errors_are_ten_reports_and_what_was_live_stays()
    {
        await using var run = await Start();
        await Create(run, "web", "192.168.0.200");
        await Apply(run, """
            apiVersion: orleanslb.io/v1alpha1
            kind: AddressPool
            metadata: {name: office}
            spec:
              addresses: [192.168.0.9-192.168.0.1, 10.0.0.0/33, 10.1.0.0/24, 10.1.0.128/25, 1.2.3]
              retention: 0s
              quota: {addressesPerNamespace: 1, namespaces: [{name: a, addresses: 1}]}
              serviceAllocation:
                namespaces: [a, a]
                serviceSelectors: [{matchExpressions: [{key: a, operator: Like}, {key: b, operator: In}, {key: c, operator: Exists, values: [x]}]}]
                namespaceSelectors: [{matchLabels: {-bad: x}}]
            """);
        (await run.Kubectl("wait addresspool/office --for=condition=Accepted=false --timeout=60s", Stop)).Succeeded();
        var said = (await run.Kubectl("get addresspool office -o jsonpath={.status.conditions[?(@.type==\"Accepted\")].message}", Stop)).Output;
        Assert.All(
            (string[])["addresses[0]", "addresses[1]", "addresses[3]", "addresses[4]", "retention", "namespaces[1]", "matchExpressions[0].operator",
                "matchExpressions[1].values", "matchExpressions[2].values", "matchLabels.-bad"],
            field => Assert.Contains($"{field}: ", said, StringComparison.Ordinal));
        await Create(run, "more", "192.168.0.201");
    }

    [Fact]
    public async Task Order_does_not_matter()
    {
        await using var run = await RunningProgram.Serve(_data.Path, Stop);
        (await run.Kubectl("create service loadbalancer web --tcp=80", Stop)).Succeeded();
        await Shows(run, "web", "{.status.conditions[0].reason}", "NoPool");
        var parts = Pools.Split("---");
        await Apply(run, parts[2]);
        await Shows(run, "web", "{.status.conditions[0].reason}", "NoPool");
        await Apply(run, parts[0]);
        await Gets(run, "web", "192.168.0.200");
        (await run.Kubectl("wait service/web --for=condition=orleanslb.io/Announced --timeout=60s", Stop)).Succeeded();
    }

    [Fact]
    public async Task A_quota_of_all_pools_and_an_address_that_is_reserved_are_kept()
    {
        await using var run = await Start();
        await Apply(run, """
            apiVersion: orleanslb.io/v1alpha1
            kind: AddressQuota
            metadata: {name: everyone}
            spec: {addresses: 2}
            ---
            apiVersion: orleanslb.io/v1alpha1
            kind: AddressClaim
            metadata: {name: 192.168.0.200}
            spec: {address: 192.168.0.200, reservation: {namespace: default, name: chosen}}
            """);
        (await run.Kubectl("wait addressquota/everyone --for=condition=Accepted --timeout=60s", Stop)).Succeeded();
        await Create(run, "other", "192.168.0.201");
        await Create(run, "chosen", "192.168.0.200");
        (await run.Kubectl("create service loadbalancer third --tcp=80", Stop)).Succeeded();
        await Shows(run, "third", "{.status.conditions[0].reason}", "QuotaExceeded");
        (await run.Kubectl("delete service other --timeout=60s", Stop)).Succeeded();
        await Gets(run, "third", "192.168.0.202");
    }

    private async Task<RunningProgram> Start()
    {
        var run = await RunningProgram.Serve(_data.Path, Stop);
        await Apply(run, Pools);
        return run;
    }

    private static async Task Create(RunningProgram run, string name, string address)
    {
        (await run.Kubectl($"create service loadbalancer {name} --tcp=80", Stop)).Succeeded();
        await Gets(run, name, address);
    }

    private static async Task Apply(RunningProgram run, string manifests) => (await run.Kubectl("apply -f -", Stop, manifests)).Succeeded();

    private static async Task Patch(RunningProgram run, string service, string patch) =>
        (await run.Kubectl($"patch service {service} -p {patch}", Stop)).Succeeded();

    private static Task Gets(RunningProgram run, string service, string address) => Shows(run, service, "{.status.loadBalancer.ingress[0].ip}", address);

    private static async Task Shows(RunningProgram run, string service, string path, string value) =>
        (await run.Kubectl($"wait service/{service} --for=jsonpath={path}={value} --timeout=60s", Stop)).Succeeded();

    /// <summary>Of what kubectl cannot wait for: several values, or none.</summary>
    private static async Task See(RunningProgram run, string what, string path, string value)
    {
        await Eventually.See($"{what} with {path} '{value}'", async () => await Read() == value ? run : null, Read, Stop, TimeSpan.FromSeconds(60));

        async Task<string> Read() => (await run.Kubectl($"get {what} -o jsonpath={path}", Stop)).Output;
    }

    private static string Service(string metadata, string spec) =>
        $"apiVersion: v1\nkind: Service\nmetadata: {{{metadata}}}\nspec: {{type: LoadBalancer, {spec}}}\n";
}
