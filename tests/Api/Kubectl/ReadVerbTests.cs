namespace OrleansLb.Api.Tests.Kubectl;

public sealed class ReadVerbTests : KubectlTests
{
    [Fact]
    public async Task Get_shows_services_as_users_know_them()
    {
        await CreateAsync(Service);
        var table = await Kubectl.RunAsync("get", "svc");
        Assert.Matches(@"NAME +TYPE +CLUSTER-IP +EXTERNAL-IP +PORT\(S\) +AGE", table);
        Assert.Matches(@"web +LoadBalancer +10\.96\.\d+\.\d+ +<pending> +80:3\d{4}/TCP +\d+s", table);
        Assert.Contains("app=web", await Kubectl.RunAsync("get", "svc", "-o", "wide"), StringComparison.Ordinal);
        Assert.Matches(@"service/web +LoadBalancer", await Kubectl.RunAsync("get", "all"));
    }

    [Fact]
    public async Task Get_gives_every_output()
    {
        await CreateAsync(Service);
        Assert.Equal("LoadBalancer 80", await Kubectl.RunAsync("get", "svc", "web", "-o", "jsonpath={.spec.type} {.spec.ports[0].port}"));
        Assert.Contains("\"kind\": \"Service\"", await Kubectl.RunAsync("get", "svc", "web", "-o", "json"), StringComparison.Ordinal);
        Assert.Contains("kind: List", await Kubectl.RunAsync("get", "svc", "-o", "yaml"), StringComparison.Ordinal);
        Assert.Equal("service/web\n", await Kubectl.RunAsync("get", "svc", "-l", "app in (web)", "-o", "name"));
        Assert.Contains("web", await Kubectl.RunAsync("get", "svc", "-A", "--field-selector", "spec.type=LoadBalancer"), StringComparison.Ordinal);
        Assert.Contains("No resources found", (await Kubectl.TryAsync(null, "get", "svc", "-l", "app=other")).Errors, StringComparison.Ordinal);
        Assert.Contains("services \"none\" not found", await Kubectl.FailAsync("get", "svc", "none"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_shows_the_columns_that_definitions_declare()
    {
        await CreateAsync(Pool);
        Assert.Matches(@"NAME +ADDRESSES +AUTO ASSIGN +USED +FREE +READY +AGE\s+lan +\[""192\.0\.2\.0/28""\] +true",
            await Kubectl.RunAsync("get", "addresspools"));
        Assert.Contains("addresspool.orleanslb.io/lan", await Kubectl.RunAsync("get", "orleanslb", "-o", "name"), StringComparison.Ordinal);
        Assert.Contains("lan", await Kubectl.RunAsync("get", "pool,services,addressclaims,nodes,events"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_w_follows_changes()
    {
        await CreateAsync(Service);
        using var watch = Kubectl.Start("get", "svc", "-w", "--no-headers");
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Contains("<pending>", await watch.StandardOutput.ReadLineAsync(cancellation), StringComparison.Ordinal);
        await Kubectl.RunAsync("patch", "svc", "web", "--subresource=status", "--type=merge", "-p", """{"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.7"}]}}}""");
        Assert.Contains("192.0.2.7", await watch.StandardOutput.ReadLineAsync(cancellation), StringComparison.Ordinal);
        watch.Kill();
        await watch.WaitForExitAsync(cancellation);
    }

    [Fact]
    public async Task Nodes_have_their_columns()
    {
        await CreateAsync("""
            apiVersion: v1
            kind: Node
            metadata: {name: n1, labels: {node-role.kubernetes.io/control-plane: ""}}
            status: {conditions: [{type: Ready, status: "True"}], nodeInfo: {kubeletVersion: v1.32.0}, addresses: [{type: InternalIP, address: 192.0.2.2}]}
            """);
        Assert.Matches(@"n1 +Ready +control-plane +\S+ +v1\.32\.0 +192\.0\.2\.2", await Kubectl.RunAsync("get", "nodes", "-o", "wide"));
    }

    [Fact]
    public async Task Describe_shows_a_service_with_its_endpoints_and_events()
    {
        await CreateAsync(Service);
        var uid = await Kubectl.RunAsync("get", "svc", "web", "-o", "jsonpath={.metadata.uid}");
        await CreateAsync($$"""
            apiVersion: v1
            kind: Event
            metadata: {name: web.1}
            involvedObject: {kind: Service, name: web, namespace: default, uid: {{uid}}, apiVersion: v1}
            reason: IPAllocated
            message: Assigned 192.0.2.1
            type: Normal
            lastTimestamp: "2026-01-01T00:00:00Z"
            source: {component: orleanslb}
            """);
        await CreateAsync("""
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: web-1, labels: {kubernetes.io/service-name: web}}
            addressType: IPv4
            endpoints: [{addresses: [10.1.2.3], conditions: {ready: true}}]
            ports: [{name: http, port: 8080}]
            """);
        var described = await Kubectl.RunAsync("describe", "svc", "web");
        Assert.Matches(@"Type: +LoadBalancer", described);
        Assert.Contains("10.1.2.3:8080", described, StringComparison.Ordinal);
        Assert.Contains("Assigned 192.0.2.1", described, StringComparison.Ordinal);
        Assert.Matches(@"Normal +IPAllocated +Service/web +Assigned", await Kubectl.RunAsync("events"));
        Assert.Matches(@"Normal +IPAllocated +service/web +Assigned", await Kubectl.RunAsync("get", "events"));
    }

    [Fact]
    public async Task Explain_reads_the_schemas()
    {
        Assert.Matches(@"KIND: +Service[\s\S]*port\t<integer> -required-", await Kubectl.RunAsync("explain", "service.spec.ports"));
        Assert.Matches(@"GROUP: +orleanslb\.io[\s\S]*addresses\t<\[\]string> -required-", await Kubectl.RunAsync("explain", "addresspool.spec"));
        Assert.Contains("FIELDS:", await Kubectl.RunAsync("explain", "ipaddresspools.metallb.io", "--recursive"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Discovery_lists_every_kind()
    {
        var resources = await Kubectl.RunAsync("api-resources", "-o", "wide");
        Assert.Matches(@"services +svc +v1 +true +Service +create,delete,deletecollection,get,list,patch,update,watch +all", resources);
        Assert.Matches(@"addresspools +pool,pools +orleanslb\.io/v1alpha1 +false +AddressPool", resources);
        Assert.Matches(@"bgppeers +metallb\.io/v1beta2 +true +BGPPeer", resources);
        Assert.Contains("discovery.k8s.io/v1", await Kubectl.RunAsync("api-versions"), StringComparison.Ordinal);
        Assert.Contains("Server Version: v1.32", await Kubectl.RunAsync("version"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_local_user_may_do_everything()
    {
        Assert.Equal("yes", (await Kubectl.RunAsync("auth", "can-i", "create", "services")).Trim());
        Assert.Contains("system:masters", await Kubectl.RunAsync("auth", "whoami"), StringComparison.Ordinal);
        Assert.Contains("*", await Kubectl.RunAsync("auth", "can-i", "--list"), StringComparison.Ordinal);
    }
}
