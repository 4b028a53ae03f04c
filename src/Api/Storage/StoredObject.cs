using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Objects;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Storage;

/// <summary>One object at one resource version: its JSON, and the few facts about it that selectors and indexes ask for.</summary>
public sealed class StoredObject
{
    public required GroupResource Resource { get; init; }
    public required ObjectKey Key { get; init; }
    public required string Uid { get; init; }
    public required long Revision { get; init; }
    /// <summary>The stored form itself; never to be written into.</summary>
    internal byte[] Bytes { get; private init; } = [];

    public ReadOnlyMemory<byte> Json => Bytes;

    public required ImmutableArray<KeyValuePair<string, string>> Labels { get; init; }

    /// <summary>The values that field selectors of this kind can ask for, besides name and namespace.</summary>
    public required ImmutableArray<KeyValuePair<string, string>> Fields { get; init; }

    /// <summary>What the object holds that is found through the index: its cluster addresses, node ports and owners.</summary>
    public required ImmutableArray<string> Claims { get; init; }

    public JsonObject Parse() => JsonText.ParseObject(Json.Span);

    /// <summary>Stamps the revision into the tree and freezes it.</summary>
    /// <param name="revision">0 for an object that is not kept, and so has none.</param>
    public static StoredObject Freeze(GroupResource resource, JsonObject tree, long revision)
    {
        tree.Metadata().SetOrRemove("resourceVersion", revision == 0 ? null : revision.ToString(CultureInfo.InvariantCulture));
        return From(resource, tree, revision, JsonText.ToBytes(tree));
    }

    internal static StoredObject Thaw(GroupResource resource, long revision, byte[] json) =>
        // that is half of many an object, and of no interest here
        From(resource, JsonText.ParsePart(json, KindRules.For(resource).IsIndexed, without: "managedFields"), revision, json);

    private static StoredObject From(GroupResource resource, JsonObject tree, long revision, byte[] json)
    {
        var metadata = tree.Metadata();
        var rules = KindRules.For(resource);
        return new StoredObject
        {
            Resource = resource,
            Key = ObjectKey.Of(tree),
            Uid = metadata.Text("uid") ?? "",
            Revision = revision,
            Bytes = json,
            Labels = [.. (metadata.Object("labels") ?? []).Select(label => KeyValuePair.Create(label.Key, label.Value.AsText() ?? ""))],
            Fields = [.. rules.SelectableFields(tree)],
            Claims = [.. rules.Claims(tree), .. Ownership.Claims(metadata)],
        };
    }

    public string? Label(string name)
    {
        foreach (var (key, value) in Labels)
            if (key == name) return value;
        return null;
    }

    public string? Field(string path)
    {
        if (path == "metadata.name") return Key.Name;
        if (path == "metadata.namespace") return Key.Namespace;
        foreach (var (key, value) in Fields)
            if (key == path) return value;
        return null;
    }
}
