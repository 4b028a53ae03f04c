using System.Text.Json;
using OrleansLb.Api.Objects;

namespace OrleansLb.Api.Rest;

/// <summary>Writes a list from the stored bytes of its items.</summary>
internal static class ListResponse
{
    private const int FlushAt = 64 * 1024;

    public static async Task WriteAsync(ResourceRequest request, ListPage page)
    {
        var response = request.Http.Response;
        response.ContentType = "application/json";
        var output = response.BodyWriter;
        await using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        writer.WriteString("kind", request.Type.ListKind);
        writer.WriteString("apiVersion", request.Type.ApiVersion);
        writer.WritePropertyName("metadata");
        ReadVerbs.Metadata(page).WriteTo(writer);
        writer.WriteStartArray("items");
        foreach (var item in page.Items)
        {
            writer.WriteRawValue(Versions.Bytes(item, request.Type).Span, skipInputValidation: true);
            if (writer.BytesPending + output.UnflushedBytes < FlushAt) continue;
            writer.Flush();
            await output.FlushAsync(request.Http.RequestAborted);
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
