using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using OrleansLb.Api.Hosting;
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
        await using var api = await EmbeddedApi.StartAsync(new EmbeddedApiOptions(), Stop);
        var kubeconfig = await Kubeconfig(api.BaseAddress);
        await Kubectl(kubeconfig, "apply -f -", configuration);
        await Kubectl(kubeconfig, "apply -f -", ServiceManifests(annotation));
        await ShowAddresses(api.BaseAddress);
        var before = await Shown(kubeconfig);
        Assert.Equal(Services, before.Length);

        var told = (await RunningProgram.Run(Stop, "migrate", "--from", rival, "--kubeconfig", kubeconfig)).Succeeded();
        Assert.Contains($"{Services} of {Services} services that have an address keep it.", told.Output, StringComparison.Ordinal);

        await using var run = await RunningProgram.Serve(_folder.Path, Stop, "--kubeconfig", kubeconfig);
        await Kubectl(kubeconfig, "wait services --all --for=condition=orleanslb.io/AddressAssigned --timeout=60s");
        await Kubectl(kubeconfig, $"wait {counted} --timeout=60s");
        Assert.Equal(before, await Shown(kubeconfig));
        Assert.Equal(Services, (await Kubectl(kubeconfig, "get addressclaims -o name")).Lines.Count(line => line.Length > 0));

        await Kubectl(kubeconfig, "create service loadbalancer newcomer --tcp=80");
        await Kubectl(kubeconfig, "wait service/newcomer --for=condition=orleanslb.io/AddressAssigned --timeout=30s");
        var given = (await Kubectl(kubeconfig, "get service newcomer -o jsonpath={.status.loadBalancer.ingress[0].ip}")).Output;
        Assert.DoesNotContain(before, line => line.EndsWith($" {given}", StringComparison.Ordinal));
    }

    private async Task<string> Kubeconfig(Uri server)
    {
        var path = Path.Combine(_folder.Path, "kubeconfig");
        await File.WriteAllTextAsync(path, $$$"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: c
              cluster: {server: "{{{server.GetLeftPart(UriPartial.Authority)}}}" }
            contexts: [{name: c, context: {cluster: c, user: u}}]
            users: [{name: u, user: {token: test}}]
            current-context: c
            """, Stop);
        return path;
    }

    private static async Task<Tool.Result> Kubectl(string kubeconfig, string arguments, string input = "") =>
        (await Tool.Run("kubectl", ["--kubeconfig", kubeconfig, "--cache-dir", $"{kubeconfig}.cache", .. arguments.Split(' ')], Stop, input)).Succeeded();

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
    private static async Task ShowAddresses(Uri server)
    {
        using var http = new HttpClient { BaseAddress = server };
        for (var i = 0; i < Services; i++)
        {
            var place = (i * 7 % Services) + 100;
            var status = string.Create(CultureInfo.InvariantCulture, $$$$"""{"status":{"loadBalancer":{"ingress":[{"ip":"10.77.{{{{place / 256}}}}.{{{{place % 256}}}}"}]}}}""");
            using var content = new StringContent(status, MediaTypeHeaderValue.Parse("application/merge-patch+json"));
            using var response = await http.PatchAsync(new Uri($"/api/v1/namespaces/default/services/s{i}/status", UriKind.Relative), content, Stop);
            response.EnsureSuccessStatusCode();
        }
    }

    private static async Task<string[]> Shown(string kubeconfig) =>
        [.. (await Kubectl(kubeconfig, "get services --no-headers -o custom-columns=N:.metadata.name,I:.status.loadBalancer.ingress[*].ip"))
            .Lines.Where(line => line.StartsWith('s')).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))];
}
