using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Ports;

namespace OrleansLb.Grains.Nodes;

/// <summary>What the parts of one node's grain work with.</summary>
internal sealed record NodeServices(
    NodeName Node, IGrainFactory Grains, IEventRecorder Events, IStatusObjectStore Statuses, LivenessOptions Liveness, StatusOptions Shown, TimeProvider Time,
    ILogger Logger);
