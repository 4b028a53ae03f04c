using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Selectors;
using OrleansLb.Api.Statuses;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Rest;

/// <summary>Cuts lists into pages of one moment: the image of the first page is kept, for a while, for those that follow.</summary>
internal sealed class ListPages
{
    private const int Kept = 16;

    private const string Forgotten =
        "The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.";

    private ImmutableQueue<StoreImage> _recent = [];
    private int _count;

    public ListPage Read(ResourceRequest request, StoreImage current)
    {
        var query = request.Query;
        CheckMatch(query);
        var selection = request.Selection();
        if (query.Text("continue") is { Length: > 0 } token) return Next(request, selection, Decode(token));
        var asked = query.Revision();
        ReadVerbs.RequireReached(current, asked);
        if (query.Text("resourceVersionMatch") == "Exact" && asked < current.Revision)
            return Cut(request, selection, Recall(asked!.Value), null, query.Number("limit"));
        var limit = asked == 0 ? 0 : query.Number("limit"); // an answer "from the cache" has no pages
        return Cut(request, selection, current, null, limit);
    }

    private static void CheckMatch(Query query)
    {
        if (query.Text("resourceVersionMatch") is not { Length: > 0 } match) return;
        if (query.Text("continue") is { Length: > 0 }) throw Refuse("resourceVersionMatch is forbidden for continue");
        if (query.Text("resourceVersion") is not { Length: > 0 }) throw Refuse("resourceVersionMatch is forbidden unless resourceVersion is provided");
        if (match == "Exact" && query.Revision() == 0) throw Refuse("resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
    }

    private static ApiException Refuse(string detail) =>
        ApiError.InvalidOptions("ListOptions", FieldError.Forbidden("resourceVersionMatch", detail)).AsException();

    private ListPage Next(ResourceRequest request, Selection selection, (long Revision, ObjectKey After) token) =>
        Cut(request, selection, Recall(token.Revision), token.After, request.Query.Number("limit"));

    private ListPage Cut(ResourceRequest request, Selection selection, StoreImage image, ObjectKey? after, int limit)
    {
        var table = image.Table(request.Type.Storage);
        if (limit <= 0) return new([.. selection.From(table, after)], image.Revision);
        var items = selection.From(table, after).Take(limit + 1).ToList();
        if (items.Count <= limit) return new(items, image.Revision);
        items.RemoveAt(limit);
        Remember(image);
        var remaining = selection is { IsEverything: true, Namespace: "" } ? (long?)table.After("", items[^1].Key).Count() : null;
        return new(items, image.Revision) { Continue = Encode(image.Revision, items[^1].Key), Remaining = remaining };
    }

    private void Remember(StoreImage image)
    {
        if (_recent.Any(kept => kept.Revision == image.Revision)) return;
        ImmutableInterlocked.Enqueue(ref _recent, image);
        if (Interlocked.Increment(ref _count) > Kept && ImmutableInterlocked.TryDequeue(ref _recent, out _)) Interlocked.Decrement(ref _count);
    }

    private StoreImage Recall(long revision) =>
        _recent.FirstOrDefault(image => image.Revision == revision)
        ?? throw ApiError.Expired(Forgotten).AsException();

    private static string Encode(long revision, ObjectKey last) =>
        Convert.ToBase64String(JsonText.ToBytes(new JsonObject
        {
            ["v"] = "meta.k8s.io/v1",
            ["rv"] = revision,
            ["ns"] = last.Namespace,
            ["start"] = last.Name,
        }));

    private static (long, ObjectKey) Decode(string token)
    {
        try
        {
            var json = JsonText.ParseObject(Convert.FromBase64String(token));
            return (json.Whole("rv") ?? 0, new(json.Text("ns") ?? "", json.Text("start") ?? ""));
        }
        catch (Exception error) when (error is FormatException or JsonException or InvalidOperationException)
        {
            throw ApiError.BadRequest($"continue key is not valid: {error.Message}").AsException();
        }
    }
}
