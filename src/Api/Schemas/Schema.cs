using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace OrleansLb.Api.Schemas;

/// <summary>A structural OpenAPI v3 schema, as CustomResourceDefinitions carry it, ready for defaulting, pruning and validation.</summary>
public sealed record Schema
{
    public static Schema Anything { get; } = new() { Source = new JsonObject { ["x-kubernetes-preserve-unknown-fields"] = true }, PreserveUnknown = true };

    private bool? _hasDefaults;

    /// <summary>The schema as it was written; what the OpenAPI documents show.</summary>
    public required JsonObject Source { get; init; }

    public string Type { get; init; } = "";
    public string Format { get; init; } = "";
    public FrozenDictionary<string, Schema> Properties { get; init; } = FrozenDictionary<string, Schema>.Empty;
    public Schema? Items { get; init; }
    public Schema? AdditionalProperties { get; init; }
    public ImmutableArray<string> Required { get; init; } = [];
    public ImmutableArray<JsonNode?> Enum { get; init; } = [];
    public JsonNode? Default { get; init; }
    public bool Nullable { get; init; }

    public double? Minimum { get; init; }
    public double? Maximum { get; init; }
    public bool ExclusiveMinimum { get; init; }
    public bool ExclusiveMaximum { get; init; }
    public double? MultipleOf { get; init; }
    public long? MinLength { get; init; }
    public long? MaxLength { get; init; }
    public SchemaPattern? Pattern { get; init; }
    public long? MinItems { get; init; }
    public long? MaxItems { get; init; }
    public bool UniqueItems { get; init; }
    public long? MinProperties { get; init; }
    public long? MaxProperties { get; init; }

    public ImmutableArray<Schema> AllOf { get; init; } = [];
    public ImmutableArray<Schema> AnyOf { get; init; } = [];
    public ImmutableArray<Schema> OneOf { get; init; } = [];
    public Schema? Not { get; init; }

    public bool IntOrString { get; init; }
    public bool PreserveUnknown { get; init; }
    public bool EmbeddedResource { get; init; }
    public string ListType { get; init; } = "atomic";
    public ImmutableArray<string> ListMapKeys { get; init; } = [];
    public bool AtomicMap { get; init; }

    /// <summary>What a strategic merge patch matches list items by; built-in kinds only.</summary>
    public string PatchMergeKey { get; init; } = "";

    /// <summary>True if a strategic merge patch merges this list instead of replacing it.</summary>
    public bool PatchMerges { get; init; }

    /// <summary>The members that tell items of a list apart; none if its items are not merged one by one.</summary>
    public ImmutableArray<string> ItemKeys { get; init; } = [];

    public bool IsSet => ListType == "set" || (PatchMerges && PatchMergeKey.Length == 0);

    /// <summary>Something in it, at any depth, has a default.</summary>
    public bool HasDefaults => _hasDefaults ??= Default is not null || Items?.HasDefaults == true || AdditionalProperties?.HasDefaults == true
        || Properties.Values.Any(member => member.HasDefaults);

    /// <summary>The schema of a member, or null if it is not known by name nor by a rule for all members.</summary>
    public Schema? Member(string name) => Properties.TryGetValue(name, out var found) ? found : AdditionalProperties;
}
