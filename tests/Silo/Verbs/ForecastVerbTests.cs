using System.Text.Json;
using OrleansLb.Silo.Verbs;

namespace OrleansLb.Silo.Tests.Verbs;

/// <summary><c>check --against</c> and <c>migrate</c>: what would become of a cluster's services.</summary>
public sealed class ForecastVerbTests : IDisposable
{
    private const string MetalLbPool = """
        apiVersion: metallb.io/v1beta1
        kind: IPAddressPool
        metadata: {name: default, namespace: metallb-system}
        spec: {addresses: [10.77.1.220-10.77.1.240]}
        ---

        """;

    private const string Cluster = """
        apiVersion: orleanslb.io/v1alpha1
        kind: AddressPool
        metadata: {name: office}
        spec: {addresses: [192.0.2.10-192.0.2.19]}
        ---
        apiVersion: orleanslb.io/v1alpha1
        kind: L2Advertisement
        metadata: {name: office}
        spec: {addressPools: [office]}
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: node1, labels: {rack: a}}
        ---
        apiVersion: v1
        kind: Node
        metadata: {name: node2, labels: {rack: b}}
        ---
        apiVersion: metallb.io/v1beta1
        kind: ServiceL2Status
        metadata: {name: l2-1, namespace: metallb-system}
        status: {node: node1, serviceName: low, serviceNamespace: web}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: low, namespace: web, uid: "1"}
        spec: {type: LoadBalancer, ports: [{port: 80}]}
        status: {loadBalancer: {ingress: [{ip: 192.0.2.10}]}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: high, namespace: web, uid: "2"}
        spec: {type: LoadBalancer, ports: [{port: 80}]}
        status: {loadBalancer: {ingress: [{ip: 192.0.2.19}]}}
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("orleanslb-forecast-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _errors = new();

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _output.Dispose();
        _errors.Dispose();
    }

    [Fact]
    public async Task What_changes_nothing_ends_with_0()
    {
        Assert.Equal(ExitCode.Ok, await Check(Pool("192.0.2.10-192.0.2.29")));
        Assert.Contains("2 services looked at: 0 would lose or change their address or announcer, 2 would notice nothing", _output.ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pool_that_shrinks_names_the_service_that_would_not_get_its_address_again()
    {
        Assert.Equal(ExitCode.Failed, await Check(Pool("192.0.2.10-192.0.2.15")));
        Assert.Contains("web/high: keeps 192.0.2.19 until it lets go", _output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("web/low:", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_asks_for_another_address_changes_it()
    {
        Assert.Equal(ExitCode.Failed, await Check("""
            apiVersion: v1
            kind: Service
            metadata: {name: low, namespace: web, annotations: {orleanslb.io/addresses: 192.0.2.12}}
            spec: {type: LoadBalancer, ports: [{port: 80}]}
            """));
        Assert.Contains("web/low: changes from 192.0.2.10 to 192.0.2.12", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_advertisement_that_leaves_the_announcer_out_moves_the_service()
    {
        Assert.Equal(ExitCode.Failed, await Check("""
            apiVersion: orleanslb.io/v1alpha1
            kind: L2Advertisement
            metadata: {name: office}
            spec: {addressPools: [office], nodeSelectors: [{matchLabels: {rack: b}}]}
            """));
        Assert.Contains("web/low: keeps 192.0.2.10. Its announcer changes from node1 to node2.", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_waits_is_served_from_what_the_new_configuration_has()
    {
        const string waiting =
            "\n---\napiVersion: v1\nkind: Service\nmetadata: {name: waits, namespace: web, uid: \"3\"}\nspec: {type: LoadBalancer, ports: [{port: 80}]}\n";
        Assert.Equal(ExitCode.Failed, await Run("check", Write("new.yaml", Pool("192.0.2.30")), "--against", Write("cluster.yaml", Cluster + waiting)));
        Assert.Contains("web/waits: gets 192.0.2.30.", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("3 services looked at: 2 would lose", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_would_be_refused_is_said_and_leaves_everything_as_it_is()
    {
        Assert.Equal(ExitCode.Failed, await Check("""
            apiVersion: metallb.io/v1beta1
            kind: IPAddressPool
            metadata: {name: other, namespace: metallb-system}
            spec: {addresses: [192.0.2.0/28]}
            """));
        Assert.Contains("would be refused: IPAddressPool metallb-system/other: spec.addresses[0]:", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("0 would lose or change", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_files_lack_stays_unless_it_is_to_be_deleted()
    {
        const string another = """
            apiVersion: orleanslb.io/v1alpha1
            kind: AddressPool
            metadata: {name: another}
            spec: {addresses: [198.51.100.0/28], autoAssign: false}
            """;
        Assert.Equal(ExitCode.Ok, await Check(another));
        Assert.Contains("left as it is (--prune would delete it): AddressPool office, L2Advertisement office", _output.ToString(), StringComparison.Ordinal);
        _output.GetStringBuilder().Clear();
        Assert.Equal(ExitCode.Failed, await Check(another, "--prune"));
        Assert.Contains("to be deleted, as the files do not have it: AddressPool office, L2Advertisement office", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("web/low: keeps 192.0.2.10 until it lets go", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_waits_has_nothing_to_lose_and_a_new_one_is_told_what_it_gets()
    {
        Assert.Equal(ExitCode.Ok, await Check("""
            apiVersion: v1
            kind: Service
            metadata: {name: new, namespace: web}
            spec: {type: LoadBalancer, ports: [{port: 80}]}
            """));
        Assert.Contains("web/new: gets 192.0.2.11.", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "2 services looked at", ExitCode.Failed)]
    [InlineData("--default-class false", "0 services looked at", ExitCode.Ok)]
    public async Task Services_are_ours_by_the_classes_that_run_is_told(string options, string expected, int code)
    {
        Assert.Equal(code, await Check(Pool("192.0.2.30"), options.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.Contains(expected, _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Services_of_another_class_are_migrated_where_that_is_to_be_served()
    {
        var cluster = Write("metallb.yaml", MetalLbPool + """
            apiVersion: v1
            kind: Service
            metadata: {name: nginx, namespace: default, uid: "1"}
            spec: {type: LoadBalancer, loadBalancerClass: metallb.io/edge, ports: [{port: 80}]}
            status: {loadBalancer: {ingress: [{ip: 10.77.1.225}]}}
            """);
        await Run("migrate", "--from", "metallb", cluster);
        Assert.Contains("default/nginx: is of no loadBalancerClass that is served", _output.ToString(), StringComparison.Ordinal);
        await Run("migrate", "--from", "metallb", cluster, "--lb-class", "metallb.io/edge");
        Assert.Contains("1 of 1 services that have an address keep it.", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_no_load_balancer_any_more_is_none_of_a_migrations_business()
    {
        var cluster = Write("metallb.yaml", MetalLbPool + """
            apiVersion: v1
            kind: Service
            metadata: {name: former, namespace: default, uid: "1"}
            spec: {type: NodePort, ports: [{port: 80}]}
            status: {loadBalancer: {ingress: [{ip: 10.77.1.225}]}}
            """);
        Assert.Equal(ExitCode.Ok, await Run("migrate", "--from", "metallb", cluster));
        Assert.DoesNotContain("former", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_that_cannot_share_what_they_show_the_older_keeps_it()
    {
        var cluster = Write("metallb.yaml", MetalLbPool + """
            apiVersion: v1
            kind: Service
            metadata: {name: a, namespace: default, uid: "1", creationTimestamp: "2026-02-01T00:00:00Z"}
            spec: {type: LoadBalancer, ports: [{port: 80}]}
            status: {loadBalancer: {ingress: [{ip: 10.77.1.225}]}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: b, namespace: default, uid: "2", creationTimestamp: "2026-01-01T00:00:00Z"}
            spec: {type: LoadBalancer, ports: [{port: 80}]}
            status: {loadBalancer: {ingress: [{ip: 10.77.1.225}]}}
            """);
        Assert.Equal(ExitCode.Failed, await Run("migrate", "--from", "metallb", cluster));
        Assert.Contains("default/a   10.77.1.225   changes from 10.77.1.225 to 10.77.1.220", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("default/b   10.77.1.225   keeps 10.77.1.225.", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_loses_its_pool_takes_nothing_that_another_shows()
    {
        var cluster = Write("metallb.yaml", MetalLbPool + """
            apiVersion: v1
            kind: Service
            metadata: {name: astray, namespace: default, uid: "1"}
            spec: {type: LoadBalancer, ports: [{port: 80}]}
            status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: home, namespace: default, uid: "2"}
            spec: {type: LoadBalancer, ports: [{port: 80}]}
            status: {loadBalancer: {ingress: [{ip: 10.77.1.220}]}}
            """);
        await Run("migrate", "--from", "metallb", cluster);
        Assert.Contains("keeps 10.77.1.220", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("changes from 192.0.2.1 to 10.77.1.221", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quota_counts_in_a_forecast_as_in_the_cluster()
    {
        const string waiting =
            "\n---\napiVersion: v1\nkind: Service\nmetadata: {name: waits, namespace: web, uid: \"3\"}\nspec: {type: LoadBalancer, ports: [{port: 80}]}\n";
        const string quota = "apiVersion: orleanslb.io/v1alpha1\nkind: AddressQuota\nmetadata: {name: tenants}\nspec: {addresses: 2}\n";
        Assert.Equal(ExitCode.Ok, await Check(quota + "---" + waiting.TrimStart('\n')[3..]));
        Assert.Contains("AddressQuota 'tenants' allows it 2", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_tells_the_same_for_scripts()
    {
        await Check(Pool("192.0.2.10-192.0.2.15"), "--json");
        using var result = JsonDocument.Parse(_output.ToString());
        var forecast = result.RootElement.GetProperty("forecast");
        Assert.False(result.RootElement.GetProperty("ok").GetBoolean());
        Assert.Equal(1, forecast.GetProperty("affected").GetInt32());
        Assert.Equal("KeptForNow", forecast.GetProperty("services")[0].GetProperty("outlook").GetString());
    }

    [Fact]
    public async Task Migrating_from_MetalLB_shows_that_services_keep_what_they_have_and_writes_our_form()
    {
        var cluster = Write("metallb.yaml", """
            apiVersion: v1
            kind: ConfigMap
            metadata: {namespace: metallb-system, name: config}
            data:
              config: |
                address-pools:
                - {name: default, protocol: layer2, addresses: [10.77.1.220-10.77.1.240]}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: nginx, namespace: default, uid: "1"}
            spec: {type: LoadBalancer, ports: [{port: 80}]}
            status: {loadBalancer: {ingress: [{ip: 10.77.1.225}]}}
            """);
        Assert.Equal(ExitCode.Ok, await Run("migrate", "--from", "metallb", cluster));
        Assert.Contains("pool, layer 2 advertisement", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("keeps 10.77.1.225.", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 of 1 services that have an address keep it.", _output.ToString(), StringComparison.Ordinal);

        _output.GetStringBuilder().Clear();
        Assert.Equal(ExitCode.Ok, await Run("migrate", "--from", "metallb", cluster, "--output", "yaml"));
        var ours = Write("ours.yaml", _output.ToString());
        Assert.Contains("kind: AddressPool", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, await Run("check", ours));
    }

    [Fact]
    public async Task Migrating_names_services_that_would_lose_their_address()
    {
        var cluster = Write("openelb.yaml", """
            apiVersion: network.kubesphere.io/v1alpha2
            kind: Eip
            metadata: {name: eip, annotations: {eip.openelb.kubesphere.io/is-default-eip: "true"}}
            spec: {address: 192.168.0.91-192.168.0.100, protocol: layer2, interface: eth0}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: a, namespace: default, uid: "1", annotations: {lb.kubesphere.io/v1alpha1: openelb}}
            spec: {type: LoadBalancer, ports: [{port: 80}]}
            status: {loadBalancer: {ingress: [{ip: 192.168.0.91}]}}
            ---
            apiVersion: v1
            kind: Service
            metadata: {name: b, namespace: default, uid: "2", annotations: {lb.kubesphere.io/v1alpha1: openelb}}
            spec: {type: LoadBalancer, ports: [{port: 80}]}
            status: {loadBalancer: {ingress: [{ip: 192.168.0.91}]}}
            """);
        Assert.Equal(ExitCode.Failed, await Run("migrate", "--from", "openelb", cluster));
        Assert.Contains("changes from 192.168.0.91 to 192.168.0.92", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 of 2 services that have an address keep it.", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("migrate", "--from", "metallb")]
    [InlineData("migrate", "--from", "kube-vip", "x.yaml")]
    [InlineData("check", "x.yaml", "--against")]
    [InlineData("check", "x.yaml", "--prune")]
    public async Task A_command_that_lacks_something_says_so(params string[] arguments)
    {
        Assert.Equal(ExitCode.Usage, await Run(arguments));
        Assert.NotEmpty(_errors.ToString());
    }

    private static string Pool(string range) =>
        $"apiVersion: orleanslb.io/v1alpha1\nkind: AddressPool\nmetadata: {{name: office}}\nspec: {{addresses: [{range}]}}\n";

    private Task<int> Check(string yaml, params string[] options) =>
        Run(["check", Write("new.yaml", yaml), "--against", Write("cluster.yaml", Cluster), .. options]);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private Task<int> Run(params string[] arguments) => CommandLine.Run(arguments, _output, _errors, TestContext.Current.CancellationToken);
}
