using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Services;
using OrleansLb.Grains;
using OrleansLb.Grains.Services;
using OrleansLb.Grains.Status;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Routers;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>Where the story plays: the network, the service on it, and what has happened so far. The scenarios are told in its verbs.</summary>
internal sealed partial class LabStage(ILabNetwork network, LabService service, Narrator narrator, TimeProvider time, RouterKind router = RouterKind.Bird)
    : IAsyncDisposable
{
    /// <summary>How long the wire is watched for moves that must not happen.</summary>
    private static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(2);

    /// <summary>When each service that was applied was created, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    private readonly Dictionary<ServiceName, long> _created = [];

    /// <summary>Likewise, with those that are gone.</summary>
    private readonly SortedSet<ServiceName> _applied = [];
    private readonly List<ServedService> _served = [];
    private readonly List<Failover> _failovers = [];
    private BgpStage? _bgp;

    public IReadOnlyList<ServedService> Served => _served;

    public IReadOnlyList<Failover> Failovers => _failovers;

    /// <summary>What was found with a router; null without one.</summary>
    public BgpReport? Bgp => _bgp?.Report;

    /// <summary>The services that were applied and still are there, and when.</summary>
    public IReadOnlyDictionary<ServiceName, long> Created => _created;

    private IStatusGrain Status => service.Grains.GetGrain<IStatusGrain>(ClusterKey.Value);

    /// <summary>Puts a router on the segment, which stays to the end.</summary>
    public async Task<BgpStage> AddRouter(CancellationToken cancellation)
    {
        if (network is not NamespaceNetwork kernel) throw new OperatorException("the scenario needs network namespaces: run it as root on Linux.");
        await kernel.AddRouter(cancellation);
        return _bgp = new(this, kernel, service, narrator, time, router);
    }

    /// <summary>Plays a story on this stage. When something in it does not come out, all that may explain it is told first.</summary>
    public async Task Play(Scenario scenario, CancellationToken cancellation)
    {
        try
        {
            await scenario.Play(this, cancellation);
        }
        catch (UnexpectedException unexpected)
        {
            narrator.Diagnosed(unexpected.Message, await new LabDiagnosis(service, network.Plan).Find(_applied));
            throw;
        }
    }

    /// <summary>Applies a manifest and returns when it began, by <see cref="TimeProvider.GetTimestamp"/>.</summary>
    public async Task<long> Apply(string name, CancellationToken cancellation)
    {
        var manifest = LabManifest.Read(name);
        narrator.Step($"Applying {name}.yaml: {manifest.Headline}");
        var began = time.GetTimestamp();
        foreach (var document in manifest.Documents)
        {
            if (LabManifest.ServiceOf(document) is { } created)
            {
                _created[created] = time.GetTimestamp();
                _applied.Add(created);
            }
            await service.Apply(document, cancellation);
            narrator.Say($"applied {LabManifest.Describe(document)}");
        }
        return began;
    }

    /// <summary>
    /// Every service that was applied and not yet looked at has an address, and the client hears its node announce it and fetches a page from it.
    /// </summary>
    public async Task ExpectServed(CancellationToken cancellation)
    {
        foreach (var (name, created) in _created.OrderBy(entry => entry.Value))
        {
            if (IsServed(name)) continue;
            var seen = await Eventually.See($"an announced address for {name}", () => Announced(name), () => Describe(name), cancellation);
            var announcer = seen.Announcer!.Value;
            var firsts = new List<long>();
            foreach (var address in seen.Addresses) firsts.Add((await Hear(address, announcer, created, cancellation)).At);
            var elapsed = time.GetElapsedTime(created, firsts.Max()).TotalMilliseconds;
            _served.Add(new(name.ToString(), [.. seen.Addresses.Select(address => address.ToString())], announcer.Value, Round(elapsed)));
            Tell(seen, elapsed);
            foreach (var address in seen.Addresses) await ExpectPage(address, announcer, cancellation);
        }
    }

    private void Tell(ServiceSummary service, double elapsed)
    {
        narrator.Say($"{service.Service} has {string.Join(" and ", service.Addresses)} from pool {string.Join(", ", service.Pools)}: {service.AddressMessage}");
        narrator.Say($"{service.Announcer} announces it: {service.AnnouncerMessage}");
        narrator.Seen(
            $"the client heard the first {string.Join(" and ", service.Addresses.Select(Form).Distinct())} {elapsed:0.0} ms after the Service was created");
    }

    private async Task ExpectPage(Address address, NodeName announcer, CancellationToken cancellation)
    {
        var answered = await network.Fetch(address, NodeWebServer.Port, Eventually.Patience, cancellation);
        if (answered != announcer.Value) throw new UnexpectedException($"a page from {announcer} at {UrlOf(address)}", $"a page from '{answered}'");
        narrator.Seen($"the client fetched {UrlOf(address)} and {answered} answered");
    }

    private Task<Sighting> Hear(Address address, NodeName announcer, long since, CancellationToken cancellation)
    {
        var mac = network.Plan.MacOf(announcer);
        return Eventually.See($"a {Form(address)} for {address} from {announcer} ({mac}) at the client",
            late => network.Capture.First(sighting => sighting.Address == address && sighting.Mac == mac && sighting.At >= since, late),
            () => Task.FromResult(
                string.Join(", ", network.Capture.Since(since).Select(sighting => $"{sighting.Address} at {sighting.Mac}").Distinct()) is { Length: > 0 } heard
                    ? heard
                    : "no gratuitous frame at all"),
            cancellation);
    }

    /// <summary>The index is asked, for it is nobody's work: a question to the service itself would make it think.</summary>
    private async Task<ServiceSummary?> Announced(ServiceName name) =>
        await service.Grains.GetGrain<IServiceIndexGrain>(ClusterKey.Value).Find(name) is { IsAssigned: true, IsAnnounced: true, Announcer: not null } summary
            ? summary
            : null;

    /// <summary>The service once it has its addresses; null before.</summary>
    public async Task<ServiceSummary?> Assigned(ServiceName name) =>
        await service.Grains.GetGrain<IServiceIndexGrain>(ClusterKey.Value).Find(name) is { IsAssigned: true } summary ? summary : null;

    public bool IsServed(ServiceName name) => _served.Any(served => served.Service == name.ToString());

    public void Serve(ServedService served) => _served.Add(served);

    public void Forget(ServiceName name) => _created.Remove(name);

    public async ValueTask DisposeAsync()
    {
        if (_bgp is not null) await _bgp.DisposeAsync();
    }

    public async Task<string> Describe(ServiceName name) => await Status.Explain(name) is { } explanation
        ? $"{explanation.Summary.AddressReason}: {explanation.Summary.AddressMessage} {explanation.Summary.AnnouncerReason}: "
            + $"{explanation.Summary.AnnouncerMessage}"
        : "the service is not known";

    /// <summary>How an address is announced, in words.</summary>
    private static string Form(Address address) => address.Family == IpFamily.IPv4 ? "gratuitous ARP" : "unsolicited advertisement";

    private static string UrlOf(Address address) => address.Family == IpFamily.IPv4 ? $"http://{address}/" : $"http://[{address}]/";

    internal static double Round(double milliseconds) => Math.Round(milliseconds, 1);
}
