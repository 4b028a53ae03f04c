using OrleansLb.Api.Rest;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Watches;

/// <summary>What a watch asked for.</summary>
internal sealed record WatchOptions
{
    /// <summary>Changes after this revision; null for the present objects first, and then what follows.</summary>
    public long? After { get; init; }

    public bool Bookmarks { get; init; }

    /// <summary>The present objects first, closed by a bookmark (KEP-3157).</summary>
    public bool SendInitialEvents { get; init; }

    public TimeSpan? Timeout { get; init; }

    public static WatchOptions From(ResourceRequest request) => Read(request.Query, request);

    private static WatchOptions Read(Query query, ResourceRequest request)
    {
        var initial = query.Text("sendInitialEvents") is { Length: > 0 };
        if (initial && query.Text("resourceVersionMatch") != "NotOlderThan")
            throw Refuse(request, "resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
        if (!initial && query.Text("resourceVersionMatch") is { Length: > 0 })
            throw Refuse(request, "resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        var revision = query.Revision();
        var seconds = query.Number("timeoutSeconds");
        return new()
        {
            After = revision is 0 ? null : revision,
            Bookmarks = query.Flag("allowWatchBookmarks"),
            SendInitialEvents = query.Flag("sendInitialEvents"),
            Timeout = seconds > 0 ? TimeSpan.FromSeconds(seconds) : null,
        };
    }

    private static ApiException Refuse(ResourceRequest request, string field, string detail) =>
        ApiError.Invalid(request.Type, "", [FieldError.Forbidden(field, detail)]).AsException();
}
