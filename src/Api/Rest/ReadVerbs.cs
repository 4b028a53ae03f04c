using System.Globalization;
using System.Text.Json.Nodes;
using OrleansLb.Api.Objects;
using OrleansLb.Api.Statuses;
using OrleansLb.Api.Storage;
using OrleansLb.Api.Tables;

namespace OrleansLb.Api.Rest;

/// <summary>Get and list.</summary>
internal sealed class ReadVerbs(ObjectStore store)
{
    private readonly ListPages _pages = new();

    public Task GetAsync(ResourceRequest request)
    {
        var image = store.Image;
        RequireReached(image, request.Query.Revision());
        return ObjectResponses.WriteAsync(request, request.Target.Require(image), 200, store.Clock.GetUtcNow());
    }

    public Task ListAsync(ResourceRequest request)
    {
        var page = _pages.Read(request, store.Image);
        if (request.Representation == Representation.Object) return ListResponse.WriteAsync(request, page);
        var trees = page.Items.Select(stored => Versions.FromStorage(stored.Parse(), request.Type));
        var metadata = Metadata(page);
        return Responses.WriteAsync(request.Http, 200, request.Representation == Representation.PartialMetadata
            ? PartialMetadata.ListOf(trees, metadata)
            : new TableRenderer(request.Type, request.Query.Text("includeObject"), store.Clock.GetUtcNow()).Table(trees, metadata));
    }

    internal static void RequireReached(StoreImage image, long? asked)
    {
        if (asked > image.Revision) throw ApiError.TooLargeRevision(asked.Value, image.Revision).AsException();
    }

    internal static JsonObject Metadata(ListPage page)
    {
        var metadata = new JsonObject { ["resourceVersion"] = page.Revision.ToString(CultureInfo.InvariantCulture) };
        if (page.Continue is { } token) metadata["continue"] = token;
        if (page.Remaining is { } remaining) metadata["remainingItemCount"] = remaining;
        return metadata;
    }
}
