using System.Collections.Immutable;
using OrleansLb.Api.Cel.Rules;
using OrleansLb.Api.Schemas;

namespace OrleansLb.Api.Resources;

/// <summary>One kind in one version as it is served: its names, its schema, and the rules that its objects obey.</summary>
public sealed record ResourceType
{
    public required GroupResource Resource { get; init; }
    public required string Version { get; init; }
    public required string Kind { get; init; }
    public required string ListKind { get; init; }
    public required string Singular { get; init; }
    public ImmutableArray<string> ShortNames { get; init; } = [];
    public ImmutableArray<string> Categories { get; init; } = [];
    public required bool Namespaced { get; init; }

    /// <summary>Spec and status are written apart, through <c>/status</c>.</summary>
    public bool HasStatus { get; init; }

    /// <summary>Declared by a CustomResourceDefinition and not part of the program.</summary>
    public bool Custom { get; init; }

    public required Schema Schema { get; init; }

    /// <summary>The rules that the schema carries as expressions, compiled when the first object is judged by them.</summary>
    public required Lazy<SchemaRules> Expressions { get; init; }

    public ImmutableArray<PrinterColumn> Columns { get; init; } = [];

    /// <summary>What its objects are stored under: another resource's place if both show the same objects.</summary>
    public required GroupResource Storage { get; init; }

    /// <summary>The <c>apiVersion</c> that its objects are stored in.</summary>
    public required string StorageApiVersion { get; init; }

    public ImmutableArray<string> SelectableFields { get; init; } = [];

    public string DeprecationWarning { get; init; } = "";

    public string Group => Resource.Group;

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public bool IsStorageVersion => ApiVersion == StorageApiVersion;

    public KindRules Rules => KindRules.For(Storage);
}
