using System.Text.Json;
using OrleansLb.Silo.Lab;

namespace OrleansLb.Lab.Tests;

/// <summary><c>orleanslb run</c> with the embedded API, driven by the unmodified kubectl.</summary>
public sealed class RunTests : IDisposable
{
    private const string Pool = """
        apiVersion: orleanslb.io/v1alpha1
        kind: AddressPool
        metadata: {name: office}
        spec: {addresses: [192.168.0.200-192.168.0.203]}
        ---
        apiVersion: orleanslb.io/v1alpha1
        kind: L2Advertisement
        metadata: {name: office}
        spec: {addressPools: [office]}
        """;

    private readonly TemporaryFolder _data = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Kubectl_makes_a_service_sees_its_address_changes_it_and_deletes_it()
    {
        await using var run = await RunningProgram.Serve(_data.Path, Stop);
        (await run.Kubectl("apply -f -", Stop, Pool)).Succeeded();
        (await run.Kubectl("create service loadbalancer web --tcp=80:8080", Stop)).Succeeded();

        (await run.Kubectl("wait service/web --for=jsonpath={.status.loadBalancer.ingress[0].ip}=192.168.0.200 --timeout=60s", Stop)).Succeeded();
        (await run.Kubectl("wait service/web --for=condition=orleanslb.io/Announced --timeout=60s", Stop)).Succeeded();
        var described = (await run.Kubectl("describe service web", Stop)).Succeeded();
        Assert.Contains("LoadBalancer Ingress:     192.168.0.200", described.Output, StringComparison.Ordinal);
        (await run.Kubectl("annotate service web orleanslb.io/addresses=192.168.0.202", Stop)).Succeeded();
        (await run.Kubectl("wait service/web --for=jsonpath={.status.loadBalancer.ingress[0].ip}=192.168.0.202 --timeout=60s", Stop)).Succeeded();
        (await run.Kubectl("wait addressclaim/192.168.0.200 --for=delete --timeout=60s", Stop)).Succeeded(); // once the service does not show it any more
        Assert.Equal("addressclaim.orleanslb.io/192.168.0.202", (await run.Kubectl("get addressclaims -o name", Stop)).Output.Trim());

        (await run.Kubectl("delete service web --timeout=60s", Stop)).Succeeded();
        Assert.Empty((await run.Kubectl("get addressclaims -o name", Stop)).Succeeded().Output);
    }

    [Fact]
    public async Task A_restart_keeps_every_address_and_takes_none_that_is_held()
    {
        await using (var first = await RunningProgram.Serve(_data.Path, Stop))
        {
            (await first.Kubectl("apply -f -", Stop, Pool)).Succeeded();
            foreach (var name in (string[])["b", "a"])
            {
                (await first.Kubectl($"create service loadbalancer {name} --tcp=80", Stop)).Succeeded();
                (await first.Kubectl($"wait service/{name} --for=condition=orleanslb.io/AddressAssigned --timeout=60s", Stop)).Succeeded();
            }
            Assert.Equal(0, await first.Stop(Stop));
        }

        await using var second = await RunningProgram.Serve(_data.Path, Stop);
        (await second.Kubectl("create service loadbalancer a0 --tcp=80", Stop)).Succeeded();
        (await second.Kubectl("wait service/a0 --for=condition=orleanslb.io/AddressAssigned --timeout=60s", Stop)).Succeeded();

        var addresses =
            (await second.Kubectl("get services --no-headers -o custom-columns=N:.metadata.name,I:.status.loadBalancer.ingress[0].ip", Stop)).Succeeded();
        Assert.Equal(["a 192.168.0.201", "a0 192.168.0.202", "b 192.168.0.200"],
            addresses.Lines.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    [Fact]
    public async Task Health_metrics_status_and_page_are_on_the_port_of_the_api()
    {
        await using var run = await RunningProgram.Serve(_data.Path, Stop);
        (await run.Kubectl("apply -f -", Stop, Pool)).Succeeded();
        (await run.Kubectl("create service loadbalancer web --tcp=80", Stop)).Succeeded();
        (await run.Kubectl("wait service/web --for=condition=orleanslb.io/Announced --timeout=60s", Stop)).Succeeded();
        using var http = new HttpClient { BaseAddress = run.Address };

        Assert.Equal("ok", await http.GetStringAsync("/healthz", Stop));
        Assert.Equal("ok", await http.GetStringAsync("/readyz", Stop));
        Assert.Contains("# TYPE orleanslb_pool_allocations_total counter\norleanslb_pool_allocations_total{orleanslb_pool=\"office\"",
            await http.GetStringAsync("/metrics", Stop), StringComparison.Ordinal);
        Assert.StartsWith("<!doctype html>", await http.GetStringAsync("/", Stop), StringComparison.Ordinal);
        var server = run.Address.ToString();
        using var status = JsonDocument.Parse((await RunningProgram.Run(Stop, "status", "--json", "--server", server)).Succeeded().Output);
        var service = Assert.Single(status.RootElement.GetProperty("services").EnumerateArray());
        Assert.Equal(("default/web", "node1", true),
            (service.GetProperty("service").GetString(), service.GetProperty("announcer").GetString(), service.GetProperty("announced").GetBoolean()));
        Assert.Contains("candidates, best first: node1", (await RunningProgram.Run(Stop, "explain", "default/web", "--server", server)).Succeeded().Output,
            StringComparison.Ordinal);
        var unknown = await RunningProgram.Run(Stop, "explain", "default/nope", "--server", server);
        Assert.Equal(1, unknown.Code);
        Assert.StartsWith("orleanslb: there is no service default/nope of type LoadBalancer that is ours; 'orleanslb status' lists those that there are.",
            unknown.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operators_move_services_and_drain_nodes_from_the_machine_itself()
    {
        await using var run = await RunningProgram.Serve(_data.Path, Stop);
        (await run.Kubectl("apply -f -", Stop, Pool)).Succeeded();
        (await run.Kubectl("create service loadbalancer web --tcp=80", Stop)).Succeeded();
        (await run.Kubectl("wait service/web --for=condition=orleanslb.io/Announced --timeout=60s", Stop)).Succeeded();
        var server = run.Address.ToString();

        var moved = (await RunningProgram.Run(Stop, "move", "default/web", "--to", "node1", "--server", server)).Succeeded();
        Assert.Equal("node node1 announces service default/web already, and keeps it.", moved.Output.Trim());
        var refused = await RunningProgram.Run(Stop, "move", "default/web", "--to", "node9", "--server", server);
        Assert.Equal((1, "orleanslb: there is no node node9."), (refused.Code, refused.Errors.Trim()));

        var drained = (await RunningProgram.Run(Stop, "drain", "node1", "--json", "--server", server)).Succeeded();
        using (var outcome = JsonDocument.Parse(drained.Output)) Assert.Equal("default/web", outcome.RootElement.GetProperty("left")[0].GetString());
        Assert.Equal("true", (await run.Kubectl("get node node1 -o jsonpath={.metadata.annotations.orleanslb\\.io/drain}", Stop)).Succeeded().Output.Trim());
        (await RunningProgram.Run(Stop, "undrain", "node1", "--server", server)).Succeeded();
        Assert.Equal("", (await run.Kubectl("get node node1 -o jsonpath={.metadata.annotations.orleanslb\\.io/drain}", Stop)).Succeeded().Output.Trim());
        var unknown = await RunningProgram.Run(Stop, "drain", "node9", "--server", server);
        Assert.Equal((1, "orleanslb: the cluster has no Node 'node9'; 'orleanslb status' lists those that there are."), (unknown.Code, unknown.Errors.Trim()));

        using var page = new HttpClient { BaseAddress = run.Address, DefaultRequestHeaders = { { "Origin", "http://example.com" } } };
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await page.PostAsync("/orleanslb/v1/nodes/node1/drain", null, Stop)).StatusCode);
    }

    [Theory]
    [InlineData("""{"addresses": ["192.168.0.203-192.168.0.210"]}""", "overlaps with 192.168.0.200-192.168.0.203 of pool 'office'")]
    [InlineData("""{"addresses": ["192.168.0.250-192.168.0.240"]}""", "ends before it starts")]
    public async Task A_wrong_pool_is_told_by_an_event_and_leaves_the_right_one_live(string spec, string said)
    {
        await using var run = await RunningProgram.Serve(_data.Path, Stop);
        (await run.Kubectl("apply -f -", Stop, Pool)).Succeeded();

        var applied =
            await run.Kubectl("apply -f -", Stop, $"---\n{{apiVersion: orleanslb.io/v1alpha1, kind: AddressPool, metadata: {{name: wrong}}, spec: {spec}}}");
        var told = applied.Code == 0 ? await KubectlEvents.First(run.Address, "involvedObject.name=wrong", Stop) : applied.Errors;
        (await run.Kubectl("create service loadbalancer web --tcp=80", Stop)).Succeeded();

        Assert.Contains(said, told, StringComparison.Ordinal);
        (await run.Kubectl("wait service/web --for=condition=orleanslb.io/Announced --timeout=60s", Stop)).Succeeded();
    }

    [Theory]
    [InlineData("orleanslb.io/addresses=10.0.0.1", "AddressOutsidePools", "10.0.0.1")]
    [InlineData("orleanslb.io/addresses=192.168.0.200", "AddressHeld", "default/first")]
    [InlineData("orleanslb.io/address-pool=offise", "PoolNotFound", "office")]
    public async Task A_service_that_cannot_be_served_stays_pending_and_says_why(string annotation, string reason, string named)
    {
        await using var run = await RunningProgram.Serve(_data.Path, Stop);
        (await run.Kubectl("apply -f -", Stop, Pool)).Succeeded();
        (await run.Kubectl("create service loadbalancer first --tcp=80", Stop)).Succeeded();
        (await run.Kubectl("wait service/first --for=condition=orleanslb.io/AddressAssigned --timeout=60s", Stop)).Succeeded();
        var key = annotation.Split('=');

        (await run.Kubectl("create -f -", Stop, $"---\n{{apiVersion: v1, kind: Service, metadata: {{name: second, annotations: {{{key[0]}: {key[1]}}}}}, "
            + $"spec: {{type: LoadBalancer, ports: [{{port: 80}}]}}}}")).Succeeded();

        (await run.Kubectl("wait service/second --for=condition=orleanslb.io/AddressAssigned=false --timeout=60s", Stop)).Succeeded();
        var condition = (await run.Kubectl("get service second -o jsonpath={.status.conditions[0].reason}/{.status.conditions[0].message}", Stop)).Output;
        Assert.StartsWith(reason + "/", condition, StringComparison.Ordinal);
        Assert.Contains(named, condition, StringComparison.Ordinal);
        Assert.Empty((await run.Kubectl("get service second -o jsonpath={.status.loadBalancer.ingress}", Stop)).Output);
    }

    [Fact]
    public async Task Manifests_are_applied_at_start_and_a_wrong_one_stops_no_other()
    {
        using var manifests = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(manifests.Path, "a.yaml"), "kind: [", Stop);
        await File.WriteAllTextAsync(Path.Combine(manifests.Path, "b.yaml"), "{apiVersion: v1, kind: Servise, metadata: {name: x}}", Stop);
        await File.WriteAllTextAsync(Path.Combine(manifests.Path, "c.yaml"), Pool, Stop);

        await using var run = await RunningProgram.Serve(_data.Path, Stop, "--manifests", manifests.Path);

        Assert.Equal("addresspool.orleanslb.io/office", (await run.Kubectl("get addresspools -o name", Stop)).Succeeded().Output.Trim());
        await run.UntilItLogs("a.yaml:2: this is not YAML", Stop);
        await run.UntilItLogs("b.yaml:1: unknown kind Servise of v1; did you mean Service?", Stop);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_clear_line()
    {
        await using var run = await RunningProgram.Serve(_data.Path, Stop);
        using var other = new TemporaryFolder();

        var second = await RunningProgram.Run(Stop, "run", "--link", "memory", "--data", other.Path, "--http", run.Address.Authority);

        Assert.Equal((1, $"orleanslb: --http: port {run.Address.Port} of 127.0.0.1 is taken by another program; stop that, or choose another port."),
            (second.Code, second.Errors.Trim()));
    }
}
