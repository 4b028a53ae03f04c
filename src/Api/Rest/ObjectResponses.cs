using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Objects;
using OrleansLb.Api.Storage;
using OrleansLb.Api.Tables;

namespace OrleansLb.Api.Rest;

/// <summary>Replies with one object, in the form that the client wants.</summary>
internal static class ObjectResponses
{
    public static Task WriteAsync(ResourceRequest request, StoredObject stored, int code, DateTimeOffset now)
    {
        if (request.Representation == Representation.Object)
            return Responses.WriteAsync(request.Http, code, Versions.Bytes(stored, request.Type));
        var tree = Versions.FromStorage(stored.Parse(), request.Type);
        return Responses.WriteAsync(request.Http, code, request.Representation == Representation.PartialMetadata
            ? PartialMetadata.Of(tree)
            : new TableRenderer(request.Type, request.Query.Text("includeObject"), now).Table([tree], ListMetadata(stored)));
    }

    private static JsonObject ListMetadata(StoredObject stored) =>
        new() { ["resourceVersion"] = stored.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture) };
}
