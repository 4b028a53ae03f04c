using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Objects;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Rest;

/// <summary>Delete, of one object or of all that a selection matches.</summary>
internal sealed class DeleteVerbs(ObjectStore store, ObjectDeleter deleter)
{
    public async Task DeleteAsync(ResourceRequest request)
    {
        var options = await OptionsAsync(request);
        var (stored, gone) = await store.WriteAsync(transaction => deleter.Delete(transaction, request.Target, options), options.DryRun);
        if (gone) await Responses.WriteAsync(request.Http, 200, Success(request, stored));
        else await ObjectResponses.WriteAsync(request, stored, 200, store.Clock.GetUtcNow());
    }

    public async Task DeleteCollectionAsync(ResourceRequest request)
    {
        var options = await OptionsAsync(request);
        var selection = request.Selection();
        var deleted = await store.WriteAsync(transaction =>
        {
            var matching = selection.From(transaction.Image.Table(request.Type.Storage)).ToList();
            return matching.Where(stored => transaction.Find(stored.Resource, stored.Key) is not null)
                .Select(stored => deleter.Delete(transaction, new(request.Type, stored.Key), options).Object).ToList();
        }, options.DryRun);
        await ListResponse.WriteAsync(request, new(deleted, store.Image.Revision));
    }

    private static async Task<DeleteOptions> OptionsAsync(ResourceRequest request)
    {
        var body = request.Http.Request.ContentLength is > 0 || request.Http.Request.Headers.TransferEncoding.Count > 0
            ? (await RequestBody.ReadObjectAsync(request.Http)).Object : null;
        var options = DeleteOptions.From(body, request.Query.Text("propagationPolicy"));
        return options with { DryRun = options.DryRun || request.Query.DryRun() };
    }

    private static JsonObject Success(ResourceRequest request, StoredObject stored)
    {
        var details = new JsonObject { ["name"] = stored.Key.Name, ["kind"] = request.Type.Resource.Name, ["uid"] = stored.Uid };
        if (request.Type.Group.Length > 0) details["group"] = request.Type.Group;
        return new() { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["details"] = details };
    }
}
