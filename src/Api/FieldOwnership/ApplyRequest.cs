using System.Text.Json.Nodes;

namespace OrleansLb.Api.FieldOwnership;

/// <summary>Who applies, and whether it takes fields that others have.</summary>
internal readonly record struct ApplyRequest(string Manager, bool Force, DateTimeOffset Now);

/// <summary>An object as an apply leaves it, with its managers.</summary>
internal readonly record struct AppliedObject(JsonObject Object, FieldManagers Managers);
