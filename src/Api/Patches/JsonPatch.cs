using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Patches;

/// <summary>JSON Patch (RFC 6902): a list of operations, all of which apply or none.</summary>
public sealed class JsonPatch
{
    private const int MaxOperations = 10000;

    private readonly ImmutableArray<JsonPatchOperation> _operations;

    private JsonPatch(ImmutableArray<JsonPatchOperation> operations) => _operations = operations;

    /// <exception cref="ApiException">It is not a JSON patch (400), or has too many operations (413).</exception>
    public static JsonPatch Parse(JsonNode? document)
    {
        if (document is not JsonArray list) throw ApiError.BadRequest("a JSON patch must be a list of operations").AsException();
        if (list.Count > MaxOperations)
            throw new ApiError(413, "RequestEntityTooLarge", $"The allowed maximum operations in a JSON patch is {MaxOperations}, got {list.Count}")
                .AsException();
        return new([.. list.Select(item => JsonPatchOperation.Parse(item as JsonObject))]);
    }

    /// <exception cref="ApiException">An operation does not apply (422).</exception>
    public JsonObject Apply(JsonObject tree)
    {
        JsonNode? root = tree;
        foreach (var operation in _operations) root = operation.Apply(root);
        return root as JsonObject ?? throw JsonPatchOperation.Refuse("the patch replaces the object by something else");
    }
}
