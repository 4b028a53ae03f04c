using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansLb.Core;
using OrleansLb.Grains.Nodes;
using OrleansLb.Speaker;

namespace OrleansLb.Silo.Hosting;

/// <summary>The speakers of this process: one on a cluster's node, several in the lab.</summary>
internal sealed class SpeakerFleet(IGrainFactory grains, IOptions<LivenessOptions> liveness, ClusterWord word, ILoggerFactory logs)
{
    private readonly ConcurrentDictionary<NodeName, SpeakerAgent> _agents = new();

    /// <summary>What keeps speakers from their work, one sentence each.</summary>
    public IEnumerable<string> Missing() => _agents.IsEmpty ? ["no speaker runs"] : _agents.Values.Select(agent => agent.Missing).OfType<string>();

    public void Start(L2SpeakerOptions options, NodeSettings node)
    {
        var fencing = options.Fencing with { Patience = liveness.Value.Standstill, Beat = liveness.Value.Standstill / 4 };
        var speaker = new NodeSpeaker(options with { Fencing = fencing }, node.Links, node.Stack, node.Time, logs);
        _agents[options.Node] = new SpeakerAgent(speaker, node.Control, word, grains, liveness.Value, node.Time, logs.CreateLogger<SpeakerAgent>());
    }

    /// <summary>The node's speaker dies as with its machine.</summary>
    public async Task Kill(NodeName node)
    {
        if (!_agents.TryRemove(node, out var agent)) return;
        await agent.Kill();
        agent.Dispose();
    }

    /// <summary>The node's speaker leaves in order, as for a restart.</summary>
    public async Task Leave(NodeName node, CancellationToken cancellation)
    {
        if (!_agents.TryRemove(node, out var agent)) return;
        await agent.Leave(cancellation);
        agent.Dispose();
    }

    /// <summary>Every speaker falls silent at once and tells nobody: others have what it announced, or will have.</summary>
    public void Fence()
    {
        foreach (var node in _agents.Keys) _ = Kill(node);
    }

    /// <summary>Every speaker hands over and falls silent.</summary>
    public async Task Leave(CancellationToken cancellation)
    {
        var agents = _agents.Values.ToList();
        _agents.Clear();
        await Task.WhenAll(agents.Select(agent => agent.Leave(cancellation)));
        foreach (var agent in agents) agent.Dispose();
    }
}
