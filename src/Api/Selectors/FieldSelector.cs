using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Selectors;

/// <summary>A field selector: <c>metadata.name=x,spec.type!=y</c>, over the few fields that a kind lets be asked for.</summary>
public sealed record FieldSelector(ImmutableArray<FieldTerm> Terms)
{
    public static FieldSelector Everything { get; } = new([]);

    public bool IsEverything => Terms.IsEmpty;

    /// <summary>The one name that can match, if the selector asks for one.</summary>
    public string? ExactName => Terms.FirstOrDefault(term => term is { Path: "metadata.name", Negated: false }) is { Path: not null } term ? term.Value : null;

    public bool Matches(StoredObject stored)
    {
        foreach (var term in Terms)
            if ((ValueOf(stored, term.Path) == term.Value) == term.Negated) return false;
        return true;
    }

    /// <exception cref="ApiException">The text is no selector, or names a field that the kind does not offer (400).</exception>
    public static FieldSelector Parse(string? text, ResourceType type)
    {
        if (string.IsNullOrWhiteSpace(text)) return Everything;
        return new([.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(term => ParseTerm(term.Trim(), type))]);
    }

    private static FieldTerm ParseTerm(string text, ResourceType type)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at <= 0) throw ApiError.BadRequest($"invalid selector: '{text}'; can't understand '{text}'").AsException();
        var negated = text[at - 1] == '!';
        var path = text[..(negated ? at - 1 : at)].Trim();
        var value = text[(at + 1)..].TrimStart('=').Trim();
        var known = path is "metadata.name" or "metadata.namespace" || type.Rules.FieldPaths.Contains(path) || type.SelectableFields.Contains(path);
        return known ? new(path, value, negated) : throw ApiError.BadRequest($"field label not supported: {path}").AsException();
    }

    private static string ValueOf(StoredObject stored, string path) => stored.Field(path) ?? Declared(stored, path);

    /// <summary>A selectable field that a definition declares is read from the object itself.</summary>
    private static string Declared(StoredObject stored, string path)
    {
        JsonNode? node = stored.Parse();
        foreach (var name in path.Split('.')) node = (node as JsonObject)?[name];
        return node.AsText() ?? node?.ToJsonString() ?? "";
    }
}
