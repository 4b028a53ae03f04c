using System.Text.Json;
using System.Text.Json.Serialization;
using OrleansLb.Silo.Operations;

namespace OrleansLb.Silo.Status;

/// <summary>How the status is written and read as JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true)]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(ExplanationView))]
[JsonSerializable(typeof(CheckView))]
[JsonSerializable(typeof(MigrationView))]
[JsonSerializable(typeof(BgpView))]
[JsonSerializable(typeof(OperationView))]
internal sealed partial class StatusJson : JsonSerializerContext;
