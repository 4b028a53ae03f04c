using OrleansLb.Silo.Lab;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Lab.Tests;

/// <summary><c>orleanslb run --interface eth0</c> on a machine of its own: a node of the lab's network.</summary>
public sealed class RunOnTheWireTests : IDisposable
{
    private const string Manifests = """
        apiVersion: metallb.io/v1beta1
        kind: IPAddressPool
        metadata: {name: pool, namespace: default}
        spec: {addresses: [192.168.0.91-192.168.0.92]}
        ---
        apiVersion: metallb.io/v1beta1
        kind: L2Advertisement
        metadata: {name: pool, namespace: default}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web}
        spec: {type: LoadBalancer, ports: [{port: 80}]}
        """;

    private readonly TemporaryFolder _data = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _data.Dispose();

    /// <summary>Packet sockets, and a capture library in the build that has it.</summary>
    public static TheoryData<string> Links => CaptureLibrary.Opener is null ? ["packet"] : ["packet", "pcap"];

    [Theory, MemberData(nameof(Links))]
    public async Task It_serves_the_machines_own_network_and_falls_silent_when_it_stops(string link)
    {
        await using var network = await NamespaceNetwork.Create(LabPlan.Of(1), Stop);
        await using (var run = await RunningProgram.ServeIn(network.NamespaceOf("node1"), _data.Path, Stop, "--link", link))
        {
            (await Kubectl(network, "apply -f -", Manifests)).Succeeded();
            (await Kubectl(network, "wait service/web --for=condition=orleanslb.io/Announced --timeout=60s")).Succeeded();
            Assert.Contains($"3 packets transmitted, 3 packets received,   0% unanswered (0 extra)", (await Arping(network)).Output, StringComparison.Ordinal);
            Assert.Equal("node1", await network.Fetch(Core.Addressing.Address.Parse("192.168.0.91"), 80, TimeSpan.FromSeconds(60), Stop));
            Assert.Equal(0, await run.Stop(Stop));
        }
        Assert.Contains("3 packets transmitted, 0 packets received", (await Arping(network)).Output, StringComparison.Ordinal);

        await using var again = await RunningProgram.ServeIn(network.NamespaceOf("node1"), _data.Path, Stop, "--link", link);
        (await Kubectl(network, "wait service/web --for=condition=orleanslb.io/Announced --timeout=60s")).Succeeded();
        Assert.Contains("3 packets transmitted, 3 packets received", (await Arping(network)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_right_to_raw_sockets_it_says_what_it_takes()
    {
        await using var network = await NamespaceNetwork.Create(LabPlan.Of(1), Stop);

        var run = await Tool.Run("ip", ["netns", "exec", network.NamespaceOf("node1"), .. AsNobody, "run", "--interface", "eth0", "--data", _data.Path], Stop);

        Assert.Equal(1, run.Code);
        Assert.StartsWith("orleanslb: No permission to open a packet socket on eth0: it takes the capability CAP_NET_RAW.", run.Errors,
            StringComparison.Ordinal);
        Assert.Single(run.Errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Capture_that_is_not_to_be_had_is_refused_with_the_reason()
    {
        await using var network = await NamespaceNetwork.Create(LabPlan.Of(1), Stop);

        var run = await Tool.Run("ip",
            ["netns", "exec", network.NamespaceOf("node1"), .. AsNobody, "run", "--link", "pcap", "--interface", "eth0", "--data", _data.Path], Stop);

        Assert.Equal(1, run.Code);
        Assert.StartsWith(
            CaptureLibrary.Opener is null
                ? "orleanslb: --link pcap: this build is without SharpPcap"
                : "orleanslb: No permission to capture on eth0: it takes the capability CAP_NET_RAW.", run.Errors, StringComparison.Ordinal);
        Assert.Single(run.Errors.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Without_root_the_lab_plays_in_memory_and_says_so()
    {
        var lab = (await Tool.Run(AsNobody[0], [.. AsNobody[1..], "lab", "--scenario", "failover"], Stop)).Succeeded();

        Assert.Contains("1. Making the network in memory: network namespaces need root", lab.Output, StringComparison.Ordinal);
        Assert.Contains("Killing node", lab.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_even_root_may_make_no_namespaces_the_lab_plays_in_memory_and_says_so()
    {
        string[] confined = ["--bounding-set=-sys_admin", "--inh-caps=-all", "dotnet", RunningProgram.Dll];

        var lab = (await Tool.Run("setpriv", [.. confined, "lab", "--scenario", "orleanslb", "--json"], Stop)).Succeeded();

        Assert.Contains("Making the network in memory: this machine forbids network namespaces", lab.Errors, StringComparison.Ordinal);
        Assert.Contains("\"segment\":\"memory\"", lab.Output, StringComparison.Ordinal);
    }

    private static string[] AsNobody => ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "dotnet", RunningProgram.Dll];

    private static Task<Tool.Result> Arping(NamespaceNetwork network) =>
        Tool.Run("ip", ["netns", "exec", network.NamespaceOf("client"), "arping", "-c", "3", "-W", "1", "192.168.0.91"], Stop);

    private static Task<Tool.Result> Kubectl(NamespaceNetwork network, string arguments, string input = "") => Tool.Run(
        "ip", ["netns", "exec", network.NamespaceOf("node1"), "kubectl", "--kubeconfig", "/dev/null", "--server", "http://127.0.0.1:8480",
            .. arguments.Split(' ')], Stop, input);
}
