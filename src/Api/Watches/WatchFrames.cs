using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OrleansLb.Api.Json;
using OrleansLb.Api.Objects;
using OrleansLb.Api.Rest;
using OrleansLb.Api.Selectors;
using OrleansLb.Api.Statuses;
using OrleansLb.Api.Storage;
using OrleansLb.Api.Tables;

namespace OrleansLb.Api.Watches;

/// <summary>The event stream of one watch: which changes it shows, as what, written from the stored bytes where that will do.</summary>
internal sealed class WatchFrames(ResourceRequest request, TimeProvider clock)
{
    private const int FullAt = 256 * 1024;

    private readonly Selection _selection = request.Selection();
    private readonly Representation _representation = request.Representation;
    private readonly PipeWriter _output = request.Http.Response.BodyWriter;
    private bool _columnsSent;

    public bool IsFull => _output.UnflushedBytes > FullAt;

    public async Task StartAsync()
    {
        request.Http.Response.ContentType = "application/json";
        await request.Http.Response.StartAsync(request.Http.RequestAborted);
        await _output.FlushAsync(request.Http.RequestAborted);
    }

    public async Task FlushAsync() => await _output.FlushAsync(request.Http.RequestAborted);

    public async Task InitialAsync(StoreImage image)
    {
        foreach (var stored in _selection.From(image.Table(request.Type.Storage)))
        {
            Write("ADDED"u8, stored);
            if (IsFull) await FlushAsync();
        }
    }

    /// <summary>An object that leaves the selection is deleted as far as this watcher can tell, and one that enters it is new.</summary>
    public void Change(StoreChange change)
    {
        var before = change.Previous is { } previous && _selection.Matches(previous);
        var after = !change.Deleted && _selection.Matches(change.Current);
        if (after) Write(before ? "MODIFIED"u8 : "ADDED"u8, change.Current);
        else if (before && change.Deleted) Write("DELETED"u8, change.Current);
        else if (before) Write("DELETED"u8, StoredObject.Freeze(change.Current.Resource, change.Previous!.Parse(), change.Revision));
    }

    public void Bookmark(long revision, bool endOfInitialEvents)
    {
        var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture) };
        if (endOfInitialEvents) metadata["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        var bookmark = new JsonObject { ["kind"] = request.Type.Kind, ["apiVersion"] = request.Type.ApiVersion, ["metadata"] = metadata };
        if (_representation == Representation.Table) bookmark = Table([], metadata.Copy());
        if (_representation == Representation.PartialMetadata) bookmark = PartialMetadata.Of(bookmark);
        WriteFrame("BOOKMARK"u8, JsonText.ToBytes(bookmark));
    }

    public async Task ErrorAsync(ApiError error)
    {
        WriteFrame("ERROR"u8, JsonText.ToBytes(error.ToJson()));
        await FlushAsync();
    }

    private void Write(ReadOnlySpan<byte> kind, StoredObject stored)
    {
        if (_representation == Representation.Object) WriteFrame(kind, Versions.Bytes(stored, request.Type).Span);
        else WriteFrame(kind, JsonText.ToBytes(Shown(stored)));
    }

    private JsonObject Shown(StoredObject stored)
    {
        var tree = Versions.FromStorage(stored.Parse(), request.Type);
        return _representation == Representation.PartialMetadata
            ? PartialMetadata.Of(tree)
            : Table([tree], new JsonObject { ["resourceVersion"] = stored.Revision.ToString(CultureInfo.InvariantCulture) });
    }

    private JsonObject Table(IEnumerable<JsonObject> trees, JsonObject metadata)
    {
        var table = new TableRenderer(request.Type, request.Query.Text("includeObject"), clock.GetUtcNow()).Table(trees, metadata, withColumns: !_columnsSent);
        _columnsSent = true;
        return table;
    }

    private void WriteFrame(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> json)
    {
        _output.Write("{\"type\":\""u8);
        _output.Write(kind);
        _output.Write("\",\"object\":"u8);
        _output.Write(json);
        _output.Write("}\n"u8);
    }
}
