using OrleansLb.Core;
using OrleansLb.Grains;
using OrleansLb.Grains.Sync;
using OrleansLb.Silo.Hosting;

namespace OrleansLb.Silo.Status;

/// <summary>Whether this node's service does its work: the cluster was read and dealt with, and the speakers have their interfaces.</summary>
internal sealed class Readiness(IGrainFactory grains, SpeakerFleet speakers)
{
    /// <summary>What is still missing, one sentence each; nothing when ready.</summary>
    public async Task<IReadOnlyList<string>> Missing()
    {
        var sync = await grains.GetGrain<IClusterSyncGrain>(ClusterKey.Value).Status();
        List<string> missing = [];
        if (!sync.Reading) missing.Add($"the Kubernetes API is not being read{(sync.LastFault is { } fault ? $": {fault}" : "")}");
        else if (!sync.Complete) missing.Add("configuration, nodes, claims and services are not read and dealt with yet");
        missing.AddRange(speakers.Missing());
        return missing;
    }
}
