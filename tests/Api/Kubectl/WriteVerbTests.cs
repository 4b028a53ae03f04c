namespace OrleansLb.Api.Tests.Kubectl;

public sealed class WriteVerbTests : KubectlTests
{
    [Fact]
    public async Task Apply_creates_changes_and_leaves_alone()
    {
        Assert.Equal("service/web created\n", await ApplyAsync(Service));
        Assert.Equal("service/web unchanged\n", await ApplyAsync(Service));
        Assert.Equal("service/web configured\n", await ApplyAsync(Service.Replace("port: 80,", "port: 81,", StringComparison.Ordinal)));
        Assert.Equal("81", await Kubectl.RunAsync("get", "svc", "web", "-o", "jsonpath={.spec.ports[*].port}"));
        Assert.Equal("addresspool.orleanslb.io/lan created\n", await ApplyAsync(Pool));
        Assert.Equal("addresspool.orleanslb.io/lan configured\n", await ApplyAsync(Pool.Replace("/28", "/27", StringComparison.Ordinal)));
        Assert.Equal("""["192.0.2.0/27"]""", await Kubectl.RunAsync("get", "pool", "lan", "-o", "jsonpath={.spec.addresses}"));
    }

    [Fact]
    public async Task Apply_takes_a_list_as_get_writes_it()
    {
        await CreateAsync(Service);
        var items = ((string[])[Service, Pool]).Select(item => "- " + item.ReplaceLineEndings("\n  "));
        var list = $"apiVersion: v1\nkind: List\nitems:\n{string.Join('\n', items)}\n";
        Assert.Contains("service/web", await ApplyAsync(list), StringComparison.Ordinal);
        Assert.Contains("addresspool.orleanslb.io/lan", await Kubectl.RunAsync("get", "pool", "-o", "name"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_on_the_server_side_keeps_owners_apart()
    {
        await Kubectl.RunAsync("apply", "--server-side", "-f", Manifest(Service));
        var other = Manifest(Service.Replace("app: web}\n", "app: other}\n", StringComparison.Ordinal)
            .Replace("labels: {app: web}", "labels: {app: other}", StringComparison.Ordinal));
        Assert.Contains(".metadata.labels.app", await Kubectl.FailAsync("apply", "--server-side", "--field-manager=other", "-f", other),
            StringComparison.Ordinal);
        await Kubectl.RunAsync("apply", "--server-side", "--force-conflicts", "--field-manager=other", "-f", other);
        Assert.Equal("other", await Kubectl.RunAsync("get", "svc", "web", "-o", "jsonpath={.metadata.labels.app}"));
    }

    [Fact]
    public async Task Apply_moves_from_the_client_side_to_the_server_side()
    {
        await ApplyAsync(Service);
        await Kubectl.RunAsync("apply", "--server-side", "-f", Manifest(Service.Replace(", labels: {app: web}", "", StringComparison.Ordinal)));
        Assert.Equal("[]", await Kubectl.RunAsync("get", "svc", "web", "-o", "jsonpath=[{.metadata.labels}]"));
        Assert.DoesNotContain("kubectl-client-side-apply", await Kubectl.RunAsync("get", "svc", "web", "-o", "yaml", "--show-managed-fields"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_refuses_fields_that_nobody_knows()
    {
        Assert.Contains("unknown field \"spec.typo\"", await Kubectl.FailAsync("apply", "-f",
            Manifest(Service.Replace("spec: {", "spec: {typo: 1, ", StringComparison.Ordinal))), StringComparison.Ordinal);
        Assert.Contains("unknown field \"spec.typo\"",
            await Kubectl.FailAsync("apply", "-f", Manifest(Pool.Replace("spec: {", "spec: {typo: 1, ", StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Edit_changes_what_the_editor_changes()
    {
        await CreateAsync(Service);
        Kubectl.EditWith("s/port: 80$/port: 8081/");
        Assert.Equal("service/web edited\n", await Kubectl.RunAsync("edit", "svc", "web"));
        Assert.Equal("8081", await Kubectl.RunAsync("get", "svc", "web", "-o", "jsonpath={.spec.ports[0].port}"));
        await CreateAsync(Pool);
        Kubectl.EditWith("s#192.0.2.0/28#198.51.100.0/24#");
        Assert.Equal("addresspool.orleanslb.io/lan edited\n", await Kubectl.RunAsync("edit", "pool", "lan"));
    }

    [Fact]
    public async Task Replace_puts_the_whole_object()
    {
        await CreateAsync(Pool);
        Assert.Equal("addresspool.orleanslb.io/lan replaced\n",
            await Kubectl.RunAsync("replace", "-f", Manifest(Pool.Replace("/28", "/29", StringComparison.Ordinal))));
        await CreateAsync(Service);
        Assert.Equal("service/web replaced\n", await Kubectl.RunAsync("replace", "-f", Manifest(Service.Replace("8080", "9090", StringComparison.Ordinal))));
        Assert.Equal("9090", await Kubectl.RunAsync("get", "svc", "web", "-o", "jsonpath={.spec.ports[0].targetPort}"));
    }

    [Theory]
    [InlineData("merge", """{"spec":{"ports":[{"port":90}]}}""", "90")]
    [InlineData("json", """[{"op":"add","path":"/spec/ports/-","value":{"name":"b","port":91}}]""", "80 91")]
    [InlineData("strategic", """{"spec":{"ports":[{"name":"b","port":92}]}}""", "80 92")]
    public async Task Patch_takes_every_kind(string type, string patch, string ports)
    {
        await CreateAsync(Service);
        await Kubectl.RunAsync("patch", "svc", "web", $"--type={type}", "-p", patch);
        var seen = await Kubectl.RunAsync("get", "svc", "web", "-o", "jsonpath={.spec.ports[*].port}");
        Assert.Equal(ports.Split(' ').Order(), seen.Split(' ').Order());
    }

    [Fact]
    public async Task Patch_of_the_status_leaves_the_spec()
    {
        await CreateAsync(Service);
        await Kubectl.RunAsync("patch", "svc", "web", "--subresource=status", "--type=merge", "-p", """{"spec":{"type":"ClusterIP"},"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.7"}]}}}""");
        Assert.Matches(@"web +LoadBalancer +\S+ +192\.0\.2\.7", await Kubectl.RunAsync("get", "svc", "web"));
    }

    [Fact]
    public async Task Label_and_annotate_add_and_take_away()
    {
        await CreateAsync(Service);
        Assert.Equal("service/web labeled\n", await Kubectl.RunAsync("label", "svc", "web", "tier=front"));
        Assert.Equal("service/web annotated\n", await Kubectl.RunAsync("annotate", "svc", "web", "metallb.io/address-pool=lan"));
        Assert.Equal("service/web unlabeled\n", await Kubectl.RunAsync("label", "svc", "web", "tier-"));
        Assert.Equal("lan",
            await Kubectl.RunAsync("get", "svc", "web", "-o", @"jsonpath={.metadata.annotations.metallb\.io/address-pool}{.metadata.labels.tier}"));
    }

    [Fact]
    public async Task Wait_sees_what_it_waits_for()
    {
        await CreateAsync(Service);
        using var waiting = Kubectl.Start("wait", "svc/web", "--for=jsonpath={.status.loadBalancer.ingress[0].ip}=192.0.2.8", "--timeout=60s");
        await Kubectl.RunAsync("patch", "svc", "web", "--subresource=status", "--type=merge", "-p", """{"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.8"}]}}}""");
        await waiting.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, waiting.ExitCode);
        Assert.Contains("condition met", await Kubectl.RunAsync("wait", "crd/addresspools.orleanslb.io", "--for=condition=Established", "--timeout=60s"),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_waits_until_the_object_is_gone()
    {
        await CreateAsync(Service);
        await CreateAsync(Pool);
        Assert.Contains("service \"web\" deleted", await Kubectl.RunAsync("delete", "svc", "web"), StringComparison.Ordinal);
        Assert.Contains("addresspool.orleanslb.io \"lan\" deleted", await Kubectl.RunAsync("delete", "-f", Manifest(Pool)), StringComparison.Ordinal);
        await Kubectl.RunAsync("create", "ns", "temporary");
        await Kubectl.RunAsync("create", "-n", "temporary", "configmap", "c", "--from-literal=a=b");
        Assert.Contains("namespace \"temporary\" deleted", await Kubectl.RunAsync("delete", "ns", "temporary"), StringComparison.Ordinal);
        Assert.Contains("not found", await Kubectl.FailAsync("get", "ns", "temporary"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_delete_that_finalizers_hold_ends_when_they_go()
    {
        await CreateAsync(Service.Replace("name: web,", "name: web, finalizers: [example.com/hold],", StringComparison.Ordinal));
        using var deleting = Kubectl.Start("delete", "svc", "web");
        await Kubectl.RunAsync("wait", "svc/web", "--for=jsonpath={.metadata.deletionTimestamp}", "--timeout=60s");
        await Kubectl.RunAsync("patch", "svc", "web", "--type=json", "-p", """[{"op":"remove","path":"/metadata/finalizers"}]""");
        await deleting.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, deleting.ExitCode);
    }

    [Fact]
    public async Task Typed_create_commands_send_protobuf_and_are_understood()
    {
        foreach (var command in (string[][])
            [["ns", "made"], ["configmap", "c", "--from-literal=k=v"], ["secret", "generic", "s", "--from-literal=k=v"],
                ["service", "loadbalancer", "lb", "--tcp=80:8080"],
             ["serviceaccount", "robot"], ["deployment", "d", "--image=nginx", "--replicas=0"], ["role", "r", "--verb=get", "--resource=pods"],
             ["rolebinding", "b", "--role=r", "--serviceaccount=default:robot"]])
            await Kubectl.RunAsync(["create", .. command]);
        Assert.Equal("v", await Kubectl.RunAsync("get", "cm", "c", "-o", "jsonpath={.data.k}"));
        Assert.Equal("dg==", await Kubectl.RunAsync("get", "secret", "s", "-o", "jsonpath={.data.k}"));
        Assert.Equal("LoadBalancer 80 8080 lb",
            await Kubectl.RunAsync("get", "svc", "lb", "-o", "jsonpath={.spec.type} {.spec.ports[0].port} {.spec.ports[0].targetPort} {.spec.selector.app}"));
        Assert.Equal("0 nginx", await Kubectl.RunAsync("get", "deploy", "d", "-o", "jsonpath={.spec.replicas} {.spec.template.spec.containers[0].image}"));
    }

    [Fact]
    public async Task A_dry_run_on_the_server_keeps_nothing()
    {
        Assert.Equal("service/web created (server dry run)\n", await Kubectl.RunAsync("apply", "--dry-run=server", "-f", Manifest(Service)));
        Assert.Contains("not found", await Kubectl.FailAsync("get", "svc", "web"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Diff_shows_what_an_apply_would_change()
    {
        await ApplyAsync(Pool);
        var (code, output, _) = await Kubectl.TryAsync(null, "diff", "-f", Manifest(Pool.Replace("/28", "/27", StringComparison.Ordinal)));
        Assert.Equal(1, code);
        Assert.Contains("+  - 192.0.2.0/27", output, StringComparison.Ordinal);
    }

    private Task<string> ApplyAsync(string manifest) => Kubectl.RunAsync("apply", "-f", Manifest(manifest));
}
