using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Objects;
using OrleansLb.Api.Patches;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Rest;

/// <summary>Create, replace and patch.</summary>
internal sealed class WriteVerbs(ObjectStore store, ObjectWriter writer)
{
    public async Task CreateAsync(ResourceRequest request)
    {
        var (tree, faults) = await RequestBody.ReadObjectAsync(request.Http);
        CheckKind(tree, request.Type);
        await ReplyAsync(request, request.WriteOptions(faults), (transaction, options) => writer.Create(transaction, request.Target, tree, options));
    }

    public async Task ReplaceAsync(ResourceRequest request)
    {
        var (tree, faults) = await RequestBody.ReadObjectAsync(request.Http);
        CheckKind(tree, request.Type);
        if (request.Type.Custom && tree.Object("metadata").Text("resourceVersion") is not { Length: > 0 })
        {
            var missing = FieldError.Invalid("metadata.resourceVersion", 0, "must be specified for an update");
            throw ApiError.Invalid(request.Type, request.Path.Name, [missing]).AsException();
        }
        await ReplyAsync(request, request.WriteOptions(faults), (transaction, options) => writer.Update(transaction, request.Target, _ => tree, options));
    }

    public async Task PatchAsync(ResourceRequest request)
    {
        var bytes = await RequestBody.ReadBytesAsync(request.Http);
        if (RequestBody.MediaType(request.Http) == "application/apply-patch+yaml")
        {
            await ApplyAsync(request, bytes);
            return;
        }
        var faults = new List<string>();
        var patch = ReadPatch(request, bytes, faults);
        await ReplyAsync(request, request.WriteOptions(faults), (transaction, options) => writer.Update(transaction, request.Target, patch, options));
    }

    private Task ApplyAsync(ResourceRequest request, byte[] bytes)
    {
        if (request.Query.Text("fieldManager") is not { Length: > 0 })
            throw ApiError.InvalidOptions("PatchOptions", FieldError.Required("fieldManager", "is required for apply patch")).AsException();
        var configuration = AsObject(RequestBody.ParseYaml(bytes));
        CheckKind(configuration, request.Type);
        if (configuration.Object("metadata")?["managedFields"] is not null)
            throw ApiError.BadRequest("metadata.managedFields must be nil").AsException();
        var force = request.Query.Flag("force");
        return ReplyAsync(request, request.WriteOptions([]),
            (transaction, options) => writer.Apply(transaction, request.Target, configuration.Copy(), force, options));
    }

    private static Func<JsonObject, JsonObject> ReadPatch(ResourceRequest request, byte[] bytes, List<string> faults)
    {
        var type = RequestBody.MediaType(request.Http);
        if (type == "application/json-patch+json") return JsonPatch.Parse(RequestBody.ParseJson(bytes)).Apply;
        if (type == "application/merge-patch+json")
        {
            var patch = AsObject(RequestBody.ParseJson(bytes, faults));
            return tree => MergePatch.Apply(tree, patch);
        }
        if (type == "application/strategic-merge-patch+json" && !request.Type.Custom)
        {
            var patch = AsObject(RequestBody.ParseJson(bytes, faults));
            return tree => StrategicMergePatch.Apply(tree, patch, request.Type.Schema);
        }
        throw ApiError.UnsupportedMediaType(Accepted(request.Type)).AsException();
    }

    private static string Accepted(ResourceType type) => type.Custom
        ? "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml"
        : "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml";

    private static JsonObject AsObject(JsonNode? patch) => patch as JsonObject ?? throw ApiError.BadRequest("a merge patch must be an object").AsException();

    private async Task ReplyAsync(ResourceRequest request, WriteOptions options, Func<StoreTransaction, WriteOptions, WriteResult> decide)
    {
        var result = await store.WriteAsync(transaction => decide(transaction, options), options.DryRun);
        Responses.Warn(request.Http, result.Warnings);
        await ObjectResponses.WriteAsync(request, result.Object, result.Created ? 201 : 200, store.Clock.GetUtcNow());
    }

    private static void CheckKind(JsonObject tree, ResourceType type)
    {
        var (apiVersion, kind) = (tree.Text("apiVersion") ?? "", tree.Text("kind") ?? "");
        ObjectMeta.RequireMetadata(tree);
        if (kind.Length == 0) throw ApiError.BadRequest("Object 'Kind' is missing in the body of the request").AsException();
        if (apiVersion != type.ApiVersion)
            throw ApiError.BadRequest($"the API version in the data ({apiVersion}) does not match the expected API version ({type.ApiVersion})").AsException();
        if (kind != type.Kind) throw ApiError.BadRequest($"the kind in the data ({kind}) does not match the expected kind ({type.Kind})").AsException();
    }
}
