using OrleansLb.Silo.Lab.Story;
using OrleansLb.Tests;

namespace OrleansLb.Lab.Tests;

/// <summary>The manifests of the documents that our users follow, by the unmodified kubectl, with what those documents say comes of them.</summary>
public sealed class SeedTests : IDisposable
{
    private readonly Silo.Lab.TemporaryFolder _data = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task The_first_document_a_pool_that_is_misnamed_is_said_and_the_default_pool_serves()
    {
        await using var run = await RunningProgram.Serve(_data.Path, Stop);
        (await run.Kubectl("apply -f -", Stop, Seeds.Eip)).Succeeded();
        (await run.Kubectl("apply -f -", Stop, Seeds.Service)).Succeeded();
        (await run.Kubectl("wait service/layer2-svc --for=jsonpath={.status.conditions[0].reason}=PoolNotFound --timeout=60s", Stop)).Succeeded();
        Assert.Contains("eip-sample-pool", (await run.Kubectl("get service layer2-svc -o jsonpath={.status.conditions[0].message}", Stop)).Output,
            StringComparison.Ordinal);

        (await run.Kubectl("annotate service layer2-svc eip.openelb.kubesphere.io/v1alpha2=eip-sample-pool --overwrite", Stop)).Succeeded();
        (await run.Kubectl("wait service/layer2-svc --for=jsonpath={.status.loadBalancer.ingress[0].ip}=192.168.0.91 --timeout=60s", Stop)).Succeeded();
        (await run.Kubectl("wait eip/eip-sample-pool --for=jsonpath={.status.usage}=1 --timeout=60s", Stop)).Succeeded();
        var status =
            (await run.Kubectl(
                "get eip eip-sample-pool -o jsonpath={.status.used}|{.status.poolSize}|{.status.firstIP}|{.status.lastIP}|{.status.occupied}|{.status.v4}",
                Stop)).Output;
        Assert.Equal("""{"192.168.0.91":"default/layer2-svc"}|10|192.168.0.91|192.168.0.100|false|true""", status);
    }

    [Fact]
    public async Task The_third_document_its_service_gets_the_address_that_the_document_shows_and_keeps_it_when_the_map_turns_to_bgp()
    {
        await using var run = await RunningProgram.Serve(_data.Path, Stop);
        (await run.Kubectl("create namespace metallb-system", Stop)).Succeeded();
        (await run.Kubectl("apply -f -", Stop, Seeds.Layer2Map)).Succeeded();
        (await run.Kubectl("create service loadbalancer nginx --tcp=80:80", Stop)).Succeeded();
        (await run.Kubectl("wait service/nginx --for=jsonpath={.status.loadBalancer.ingress[0].ip}=10.77.1.220 --timeout=60s", Stop)).Succeeded();
        (await run.Kubectl("wait configurationstate/controller -n metallb-system --for=create --timeout=60s", Stop)).Succeeded();
        (await run.Kubectl("wait configurationstate/controller -n metallb-system --for=jsonpath={.status.result}=Valid --timeout=60s", Stop)).Succeeded();

        (await run.Kubectl("apply -f -", Stop, Seeds.BgpMap)).Succeeded();
        (await run.Kubectl("create service loadbalancer second --tcp=80:80", Stop)).Succeeded();
        (await run.Kubectl("wait service/second --for=jsonpath={.status.loadBalancer.ingress[0].ip}=198.51.100.0 --timeout=60s", Stop)).Succeeded();
        Assert.Equal("10.77.1.220", (await run.Kubectl("get service nginx -o jsonpath={.status.loadBalancer.ingress[0].ip}", Stop)).Output);
    }

    [Fact]
    public async Task Pools_show_their_counts_objects_their_verdict_and_services_their_announcer()
    {
        await using var run = await RunningProgram.Serve(_data.Path, Stop);
        (await run.Kubectl("apply -f -", Stop, """
            apiVersion: orleanslb.io/v1alpha1
            kind: AddressPool
            metadata: {name: office}
            spec: {addresses: [192.168.0.200-192.168.0.203]}
            ---
            apiVersion: orleanslb.io/v1alpha1
            kind: L2Advertisement
            metadata: {name: office}
            spec: {addressPools: [office], interfaces: [eth0]}
            """)).Succeeded();
        (await run.Kubectl("create service loadbalancer web --tcp=80", Stop)).Succeeded();
        (await run.Kubectl("wait addresspool/office --for=jsonpath={.status.assignedIPv4}=1 --timeout=60s", Stop)).Succeeded();
        (await run.Kubectl("wait addresspool/office l2advertisement.orleanslb.io/office --for=condition=Accepted --timeout=60s", Stop)).Succeeded();
        Assert.Matches(@"office +\[""192\.168\.0\.200-192\.168\.0\.203""\] +true +1 +3 +True", (await run.Kubectl("get addresspools", Stop)).Output);

        await Eventually.See("a ServiceL2Status of web at node1", async () => await Node() == "node1" ? run : null, Node, Stop);
        Assert.Equal("eth0 Node",
            (await run.Kubectl("get servicel2statuses -A -o jsonpath={.items[0].status.interfaces[0].name}+{.items[0].metadata.ownerReferences[0].kind}", Stop))
                .Output.Replace('+', ' '));
        (await run.Kubectl("delete service web --timeout=60s", Stop)).Succeeded();
        (await run.Kubectl("wait addresspool/office --for=jsonpath={.status.assignedIPv4}=0 --timeout=60s", Stop)).Succeeded();
        await Eventually.See("no ServiceL2Status", async () => await Node() == "" ? run : null, Node, Stop);

        async Task<string> Node() =>
            (await run.Kubectl("get servicel2statuses -A -l metallb.io/service-name=web -o jsonpath={.items[*].status.node}", Stop)).Output;
    }
}
