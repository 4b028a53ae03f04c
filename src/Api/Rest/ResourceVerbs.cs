using Microsoft.AspNetCore.Http;
using OrleansLb.Api.Objects;
using OrleansLb.Api.Statuses;
using OrleansLb.Api.Storage;
using OrleansLb.Api.Watches;

namespace OrleansLb.Api.Rest;

/// <summary>Which verb a request about a resource is.</summary>
internal sealed class ResourceVerbs(ObjectStore store, ObjectWriter writer)
{
    private readonly ReadVerbs _reads = new(store);
    private readonly WriteVerbs _writes = new(store, writer);
    private readonly DeleteVerbs _deletes = new(store, new());
    private readonly WatchVerb _watch = new(store);

    public Task HandleAsync(ResourceRequest request)
    {
        var named = request.Path.Name.Length > 0;
        return request.Http.Request.Method switch
        {
            "GET" or "HEAD" when request.Query.Flag("watch") => _watch.RunAsync(request),
            "GET" or "HEAD" => named ? _reads.GetAsync(request) : _reads.ListAsync(request),
            "POST" when !named && (request.Path.Namespace.Length > 0 || !request.Type.Namespaced) => _writes.CreateAsync(request),
            "PUT" when named => _writes.ReplaceAsync(request),
            "PATCH" when named => _writes.PatchAsync(request),
            "DELETE" when request.Path.Subresource.Length == 0 => named ? _deletes.DeleteAsync(request) : _deletes.DeleteCollectionAsync(request),
            _ => throw ApiError.MethodNotAllowed().AsException(),
        };
    }
}
