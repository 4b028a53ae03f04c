using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Resources;

/// <summary>All kinds that are served now: the built-in ones and those of the CustomResourceDefinitions in the store.</summary>
public sealed class ResourceCatalog
{
    private static readonly Lazy<ImmutableArray<ResourceType>> Builtins = new(ReadBuiltins);

    /// <summary>What each definition defines; a definition that did not change is not read again when another does.</summary>
    private static readonly ConditionalWeakTable<StoredObject, List<ResourceType>> Defined = [];

    private readonly FrozenDictionary<(string Group, string Version, string Plural), ResourceType> _byPath;

    private ResourceCatalog(ImmutableArray<ResourceType> types)
    {
        Types = types;
        _byPath = types.DistinctBy(type => (type.Group, type.Version, type.Resource.Name))
            .ToFrozenDictionary(type => (type.Group, type.Version, type.Resource.Name));
    }

    public ImmutableArray<ResourceType> Types { get; }

    public static ResourceCatalog BuiltinsOnly { get; } = new(Builtins.Value);

    public ResourceType? Find(string group, string version, string plural) => _byPath.GetValueOrDefault((group, version, plural));

    public ResourceType? FindKind(string apiVersion, string kind) => Types.FirstOrDefault(type => type.Kind == kind && type.ApiVersion == apiVersion);

    public static ResourceCatalog Of(ObjectTable definitions) =>
        new(Builtins.Value.AddRange(definitions.All.SelectMany(DefinedBy)));

    private static List<ResourceType> DefinedBy(StoredObject definition) =>
        Defined.GetValue(definition, static stored => [.. DefinitionReader.Read(stored.Parse(), custom: true)]);

    private static ImmutableArray<ResourceType> ReadBuiltins() =>
        [.. BuiltinFiles.Kinds().SelectMany(YamlText.ParseAll).OfType<JsonObject>().SelectMany(tree => DefinitionReader.Read(tree, custom: false))];
}
