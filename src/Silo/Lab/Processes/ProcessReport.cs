using System.Text.Json.Serialization;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>What the lab of processes found: <c>orleanslb lab --processes --json</c>.</summary>
/// <param name="Loop">What the scenario kill-loop found; null in the others.</param>
/// <param name="Routers">What the scenario routers found; null where it was not played.</param>
internal sealed record ProcessReport(
    bool Ok, string Build, int Nodes, IReadOnlyList<FaultReport> Faults,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] KillLoopReport? Loop = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RouterReport? Routers = null);

/// <summary>How the report is written as JSON.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ProcessReport))]
internal sealed partial class ProcessJson : JsonSerializerContext;
