using System.Text.Json.Serialization;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>What the lab of processes found: <c>orleanslb lab --processes --json</c>.</summary>
internal sealed record ProcessReport(bool Ok, string Build, int Nodes, IReadOnlyList<FaultReport> Faults);

/// <summary>One fault and what came of it. Times are milliseconds from the fault.</summary>
/// <param name="Addresses">How many addresses the faulty nodes had.</param>
/// <param name="FirstMs">Until the client heard the first gratuitous frame of a new holder.</param>
/// <param name="LastMs">Until the client had heard it for all of them.</param>
/// <param name="ContestMs">The longest time in which two answered for one address.</param>
internal sealed record FaultReport(string Fault, IReadOnlyList<string> Nodes, int Addresses, double FirstMs, double LastMs, double ContestMs);

/// <summary>How the report is written as JSON.</summary>
[JsonSourceGenerationOptions(System.Text.Json.JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ProcessReport))]
internal sealed partial class ProcessJson : JsonSerializerContext;
