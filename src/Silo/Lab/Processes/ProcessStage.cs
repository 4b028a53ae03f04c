using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>What is done to the processes, and what the client and the witness see of it.</summary>
internal sealed class ProcessStage(ProcessCluster cluster, Narrator narrator, TimeProvider time)
{
    /// <summary>More than one question and its answer need on a busy machine.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    private readonly List<FaultReport> _faults = [];
    private readonly List<Address> _addresses = [];

    public ProcessCluster Cluster => cluster;

    public Narrator Narrator => narrator;

    public TimeProvider Time => time;

    public IReadOnlyList<FaultReport> Faults => _faults;

    /// <summary>What the loop of kills found, once it has.</summary>
    public KillLoopReport? Loop { get; set; }

    /// <summary>What the story with a router found, once it has.</summary>
    public RouterReport? Routers { get; set; }

    /// <summary>The addresses of the pool.</summary>
    public static AddressRange Range => LabPlan.ServiceRanges[1];

    private NamespaceNetwork Network => cluster.Network;

    /// <summary>A pool of addresses, announced on the segment.</summary>
    public Task DeclarePool() => cluster.Api.Apply($$"""
        {apiVersion: orleanslb.io/v1alpha1, kind: AddressPool, metadata: {name: lab}, spec: {addresses: ["{{Range}}"]} }
        ---
        {apiVersion: orleanslb.io/v1alpha1, kind: L2Advertisement, metadata: {name: lab}, spec: {addressPools: [lab]} }
        """);

    /// <summary>Services with addresses of their own choice, each with an endpoint on every node.</summary>
    public async Task Serve(int count, CancellationToken cancellation)
    {
        await DeclarePool();
        var began = time.GetTimestamp();
        for (var index = 0; index < count; index++)
        {
            var address = Range.First with { Value = Range.First.Value + (uint)index };
            await CreateService($"s{index}", $$"""annotations: {orleanslb.io/addresses: "{{address}}"}""");
            _addresses.Add(address);
        }
        Network.Witness.Ask(_addresses);
        foreach (var address in _addresses) await Announced(address, began, [], cancellation);
        narrator.Seen($"the client heard all {count} addresses announced {Milliseconds(began):0} ms after the first Service was created");
    }

    /// <summary>A Service with an endpoint on every node.</summary>
    /// <param name="metadata">What its metadata have besides its name.</param>
    /// <param name="spec">What its spec has besides its type and port.</param>
    public Task CreateService(string name, string metadata = "labels: {}", string spec = "sessionAffinity: None")
    {
        var endpoints = string.Join(", ", Network.Plan.Nodes.Select(node => $$"""{addresses: ["{{node.Addresses[0]}}"], conditions: {ready: true}, nodeName: {{node.Name}} }"""));
        return cluster.Api.Apply($$"""
            {apiVersion: v1, kind: Service, metadata: {name: {{name}}, namespace: default, {{metadata}} }, spec: {type: LoadBalancer, {{spec}}, ports: [{port: 80}]} }
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: {{name}}-1, namespace: default, labels: {kubernetes.io/service-name: {{name}} } }
            addressType: IPv4
            endpoints: [{{endpoints}}]
            ports: [{port: 80}]
            """);
    }

    /// <summary>The node that has the most addresses.</summary>
    public async Task<NodeName> Busiest(CancellationToken cancellation) =>
        (await Holders(cancellation)).GroupBy(holder => holder.Value).MaxBy(group => group.Count())!.Key;

    /// <summary>Inflicts a fault on nodes and measures until all that they had is announced by others.</summary>
    public async Task Fault(string name, IReadOnlyList<NodeName> victims, Func<Task> inflict, CancellationToken cancellation)
    {
        var holders = await Holders(cancellation);
        var lost = holders.Where(holder => victims.Contains(holder.Value)).Select(holder => holder.Key).ToList();
        var began = time.GetTimestamp();
        await inflict();
        var heard = new List<double>();
        foreach (var address in lost) heard.Add(time.GetElapsedTime(began, await Announced(address, began, victims, cancellation)).TotalMilliseconds);
        heard.Sort();
        var report = new FaultReport(name, [.. victims.Select(node => node.Value)], lost.Count, heard.Count == 0 ? 0 : LabStage.Round(heard[0]),
            heard.Count == 0 ? 0 : LabStage.Round(heard[^1]), 0);
        _faults.Add(report);
        if (lost.Count > 0)
            narrator.Seen($"{name}: {lost.Count} addresses of {string.Join(", ", victims)}; the first was announced by another node after {report.FirstMs} "
                + $"ms, the last after {report.LastMs} ms");
    }

    /// <summary>How long two answered for one address since the last fault, which has healed by now.</summary>
    public TimeSpan TellContest(long since)
    {
        var worst = _addresses.SelectMany(address => Timeline(address, since).Contests.Select(contest => (Address: address, Contest: contest)))
            .OrderByDescending(found => found.Contest.Length).FirstOrDefault();
        var longest = worst.Contest?.Length ?? TimeSpan.Zero;
        _faults[^1] = _faults[^1] with { ContestMs = LabStage.Round(longest.TotalMilliseconds) };
        var who = worst.Contest is { } contest
            ? $" ({worst.Address}: {Network.Plan.NameOf(contest.Earlier)} and {Network.Plan.NameOf(contest.Later)}, from "
                + $"{contest.From.TotalMilliseconds:0} ms after the fault on)"
            : "";
        narrator.Seen($"two nodes answered for one address for {longest.TotalMilliseconds:0.0} ms at most{who}");
        return longest;
    }

    /// <summary>Who answers for each address now.</summary>
    public Task<IReadOnlyDictionary<Address, NodeName>> Holders(CancellationToken cancellation) => Holders(_addresses, cancellation);

    /// <summary>Who answers for each of these, which the witness asks for, now.</summary>
    public async Task<IReadOnlyDictionary<Address, NodeName>> Holders(IReadOnlyList<Address> addresses, CancellationToken cancellation)
    {
        var asked = time.GetTimestamp();
        var holders = new Dictionary<Address, NodeName>();
        foreach (var address in addresses)
        {
            var answer = await Eventually.See($"an answer for {address}",
                late => Network.Witness.First(asked, sighting => sighting.Address == address && Network.Plan.NodeOf(sighting.Mac) is not null, late),
                () => Task.FromResult("none"), cancellation);
            holders[address] = Network.Plan.NodeOf(answer.Mac)!.Value;
        }
        return holders;
    }

    /// <summary>Who answered for each of the addresses, which the witness asks for, a moment ago.</summary>
    public ILookup<Address, NodeName> Answering() => Network.Witness.Since(time.GetTimestamp() - (long)(Look.TotalSeconds * time.TimestampFrequency))
        .Where(sighting => Network.Plan.NodeOf(sighting.Mac) is not null)
        .Select(sighting => (sighting.Address, Node: Network.Plan.NodeOf(sighting.Mac)!.Value)).Distinct()
        .ToLookup(answer => answer.Address, answer => answer.Node);

    private async Task<long> Announced(Address address, long since, IReadOnlyList<NodeName> notBy, CancellationToken cancellation)
    {
        var seen = await Eventually.See($"an announcement of {address}",
            late => Network.Capture.First(since,
                sighting => sighting.Address == address && Network.Plan.NodeOf(sighting.Mac) is { } node && !notBy.Contains(node), late),
            () => Task.FromResult($"none; {Told(address, since)}"), cancellation);
        return seen.At;
    }

    /// <summary>Who announced the address and when, and who answers for it, for the message of a failure.</summary>
    private string Told(Address address, long since)
    {
        var told = Network.Capture.Since(0).Where(sighting => sighting.Address == address)
            .Select(sighting => $"{Network.Plan.NameOf(sighting.Mac)} {(sighting.At - since) * 1000 / time.TimestampFrequency}");
        return $"announced by (ms after the fault): {string.Join(", ", told)}; answered for by {string.Join(", ", Answering()[address])}";
    }

    private HolderTimeline Timeline(Address address, long since)
    {
        var questions = Network.Witness.AskedSince(since).Select(at => time.GetElapsedTime(since, at)).ToList();
        var answers = Network.Witness.Since(since).Where(answer => answer.Address == address)
            .Select(answer => (time.GetElapsedTime(since, answer.At), answer.Mac)).ToList();
        return HolderTimeline.Of(address, questions, answers, time.GetElapsedTime(since));
    }

    private double Milliseconds(long since) => time.GetElapsedTime(since).TotalMilliseconds;
}
