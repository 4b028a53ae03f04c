using System.Globalization;
using System.Text;
using OrleansLb.Silo.Lab;

namespace OrleansLb.Lab.Tests;

/// <summary>A cluster whose services another load balancer has served: every address stays, through the API and with the unmodified kubectl.</summary>
public sealed class MigrationTests : IDisposable
{
    private const int Services = 300;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static IEnumerable<TheoryDataRow<string, string, string, string>> Rivals =>
    [
        new("metallb", """
            apiVersion: v1
            kind: Namespace
            metadata: {name: metallb-system}
            ---
            apiVersion: metallb.io/v1beta1
            kind: IPAddressPool
            metadata: {name: default, namespace: metallb-system}
            spec: {addresses: [10.77.0.0/23]}
            ---
            apiVersion: metallb.io/v1beta1
            kind: L2Advertisement
            metadata: {name: default, namespace: metallb-system}
            """, "", "ipaddresspool/default -n metallb-system --for=jsonpath={.status.assignedIPv4}=300") { TestDisplayName = "from MetalLB" },
        new("metallb", """
            apiVersion: v1
            kind: Namespace
            metadata: {name: metallb-system}
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: config, namespace: metallb-system}
            data:
              config: |
                address-pools:
                - name: default
                  protocol: layer2
                  addresses:
                  - 10.77.0.0-10.77.1.255
            """, "metallb.universe.tf/address-pool: default", "service/s0 --for=condition=orleanslb.io/AddressAssigned") { TestDisplayName = "from MetalLB's ConfigMap" },
        new("openelb", """
            apiVersion: network.kubesphere.io/v1alpha2
            kind: Eip
            metadata: {name: eip, annotations: {eip.openelb.kubesphere.io/is-default-eip: "true"}}
            spec: {address: 10.77.0.0-10.77.1.255, protocol: layer2, interface: eth0}
            """, "lb.kubesphere.io/v1alpha1: openelb", "eip/eip --for=jsonpath={.status.usage}=300") { TestDisplayName = "from OpenELB" },
    ];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Rivals))]
    public async Task Every_service_keeps_its_address(string rival, string configuration, string annotation, string counted)
    {
        await using var cluster = await RivalCluster.Start(_folder.Path, Stop);
        await cluster.Kubectl("apply -f -", Stop, configuration);
        await cluster.Kubectl("apply -f -", Stop, ServiceManifests(annotation));
        for (var i = 0; i < Services; i++) await cluster.Show("default", $"s{i}", [AddressOf(i)], Stop);
        var before = await cluster.Shown(Stop);
        Assert.Equal(Services, before.Length);

        var told = (await RunningProgram.Run(Stop, "migrate", "--from", rival, "--kubeconfig", cluster.Kubeconfig)).Succeeded();
        Assert.Contains($"{Services} of {Services} services that have an address keep it.", told.Output, StringComparison.Ordinal);

        await using var run = await RunningProgram.Serve(_folder.Path, Stop, "--kubeconfig", cluster.Kubeconfig);
        await cluster.UntilServed(Services, Stop);
        await cluster.Kubectl($"wait {counted} --timeout=60s", Stop);
        Assert.Equal(before, await cluster.Shown(Stop));
        Assert.Equal(Services, (await cluster.Kubectl("get addressclaims -o name", Stop)).Lines.Count(line => line.Length > 0));

        await cluster.Kubectl("create service loadbalancer newcomer --tcp=80", Stop);
        await cluster.Kubectl("wait service/newcomer --for=condition=orleanslb.io/AddressAssigned --timeout=60s", Stop);
        var given = (await cluster.Kubectl("get service newcomer -o jsonpath={.status.loadBalancer.ingress[0].ip}", Stop)).Output;
        Assert.DoesNotContain(before, line => line.EndsWith($" {given}", StringComparison.Ordinal));
    }

    private static string ServiceManifests(string annotation)
    {
        var manifests = new StringBuilder();
        for (var i = 0; i < Services; i++)
        {
            manifests.Append(CultureInfo.InvariantCulture, $"---\napiVersion: v1\nkind: Service\nmetadata: {{name: s{i}, annotations: "
                + $"{{{annotation}}}}}\nspec: {{type: LoadBalancer, ports: [{{port: 80}}]}}\n");
        }
        return manifests.ToString();
    }

    /// <summary>As the rival has left it: in an order that nobody would give the addresses in again.</summary>
    private static string AddressOf(int service)
    {
        var place = (service * 7 % Services) + 100;
        return string.Create(CultureInfo.InvariantCulture, $"10.77.{place / 256}.{place % 256}");
    }
}
