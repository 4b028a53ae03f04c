using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Silo.Lab;

/// <summary>One run of the lab: sets the stage, plays a scenario, strikes the stage whatever happened.</summary>
internal sealed class LabRun(LabSettings settings, Narrator narrator, TimeProvider time)
{
    private readonly List<ServedService> _services = [];
    private readonly List<Failover> _failovers = [];
    private readonly List<AddressTimeline> _timelines = [];
    private readonly List<AddressRequests> _requests = [];
    private string _segment = "";
    private BgpReport? _bgp;

    public async Task<LabReport> Play(CancellationToken cancellation)
    {
        var ok = true;
        try
        {
            await Stage(cancellation);
        }
        catch (UnexpectedException unexpected)
        {
            ok = false;
            narrator.Failed($"\n   expected: {unexpected.Expected}\n   seen:     {unexpected.Seen}");
        }
        catch (Exception failed) when (failed is OperatorException or HttpRequestException)
        {
            ok = false;
            narrator.Failed(failed.Message);
        }
        return new(ok, ProductVersion.Build, _segment, _services, _failovers, _timelines, _bgp, _requests.Count > 0 ? _requests : null);
    }

    private async Task Stage(CancellationToken cancellation)
    {
        await using var network = await MakeNetwork(cancellation);
        _segment = network.Segment;
        using var data = new TemporaryFolder();
        narrator.Step("Starting the service: the embedded Kubernetes API, the grains, and a speaker on each node's eth0");
        await using (var service = await LabService.Start(network, data.Path, settings.Http, settings.Log, cancellation))
        {
            narrator.Say($"the API is at {service.Address}");
            await using var stage = new LabStage(network, service, narrator, time, settings.Router);
            await Play(stage, cancellation);
            if (settings.Keep) await Keep(network, service, cancellation);
            narrator.Step("Cleaning up");
        }
        narrator.Say("the speakers have withdrawn their addresses, the service has stopped, the network is taken down");
    }

    /// <summary>What was measured is reported even when a later step fails.</summary>
    private async Task Play(LabStage stage, CancellationToken cancellation)
    {
        try
        {
            await stage.Play(settings.Scenario, cancellation);
        }
        finally
        {
            _services.AddRange(stage.Served);
            _failovers.AddRange(stage.Failovers);
            _timelines.AddRange(stage.Timelines);
            _requests.AddRange(stage.Requests);
            _bgp = stage.Bgp;
        }
    }

    private async Task<ILabNetwork> MakeNetwork(CancellationToken cancellation)
    {
        if (NeedsMemory(settings.Memory) is { } why) return MakeInMemory(why);
        try
        {
            return await MakeOfNamespaces(cancellation);
        }
        catch (NotPermittedException forbidden)
        {
            return MakeInMemory($"this machine forbids network namespaces ({forbidden.Message})");
        }
    }

    private MemoryNetwork MakeInMemory(string why)
    {
        narrator.Step($"Making the network in memory: {why}");
        narrator.Say("the Ethernet frames are real, byte for byte, but they stay in this process;");
        narrator.Say("where a page is fetched, the client resolves the address by ARP and the node behind that port counts as the one that answers");
        return new(settings.Plan, time);
    }

    private async Task<NamespaceNetwork> MakeOfNamespaces(CancellationToken cancellation)
    {
        narrator.Step($"Making the network: a bridge, {settings.Plan.Nodes.Count} nodes and a client");
        var network = await NamespaceNetwork.Create(settings.Plan, cancellation);
        foreach (var machine in settings.Plan.Nodes.Append(settings.Plan.Client))
            narrator.Say(
                $"{machine.Name} is the network namespace {network.NamespaceOf(machine.Name)}: eth0 {machine.Mac} {string.Join(" ", machine.Addresses)}");
        narrator.Say("a small web server on each node stands for the service's pods; the kernel of a node answers no ARP for service "
            + "addresses, as under kube-proxy");
        return network;
    }

    private static string? NeedsMemory(bool asked) =>
        asked ? "as asked"
        : !OperatingSystem.IsLinux() ? "network namespaces need Linux"
        : !Environment.IsPrivilegedProcess ? "network namespaces need root"
        : null;

    private async Task Keep(ILabNetwork network, LabService service, CancellationToken cancellation)
    {
        narrator.Step("Leaving it running until Ctrl-C");
        narrator.Say($"kubectl --kubeconfig /dev/null --server {service.Address.GetLeftPart(UriPartial.Authority)} get "
            + "services,addresspools,addressclaims,nodes,events");
        if (network is NamespaceNetwork kernel) narrator.Say($"ip netns exec {kernel.NamespaceOf(settings.Plan.Client.Name)} arping -c 3 ADDRESS");
        narrator.Say($"status page: {service.Address}");
        await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
