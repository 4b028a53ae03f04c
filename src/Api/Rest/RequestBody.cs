using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OrleansLb.Api.Json;
using OrleansLb.Api.Protobuf;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Rest;

/// <summary>Reads the body of a request: not more than etcd would take, as the content type says.</summary>
internal static class RequestBody
{
    public const int MaxBytes = 3 * 1024 * 1024;

    private const string Accepted = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    public static async Task<byte[]> ReadBytesAsync(HttpContext http)
    {
        if (http.Request.ContentLength > MaxBytes) throw ApiError.TooLarge().AsException();
        while (true)
        {
            var read = await http.Request.BodyReader.ReadAsync(http.RequestAborted);
            if (read.Buffer.Length > MaxBytes) throw ApiError.TooLarge().AsException();
            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                http.Request.BodyReader.AdvanceTo(read.Buffer.End);
                return bytes;
            }
            http.Request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>The object in the body, and what was wrong with its form.</summary>
    public static async Task<(JsonObject Object, IReadOnlyList<string> Faults)> ReadObjectAsync(HttpContext http)
    {
        var bytes = await ReadBytesAsync(http);
        var type = MediaType(http);
        if (type == "application/vnd.kubernetes.protobuf") return (ProtobufEnvelope.Decode(bytes), []);
        if (type is not ("" or "application/json" or "application/yaml")) throw ApiError.UnsupportedMediaType(Accepted).AsException();
        var faults = new List<string>();
        var node = type == "application/yaml" ? ParseYaml(bytes) : ParseJson(bytes, faults);
        return (node as JsonObject ?? throw ApiError.BadRequest("the body of the request must be an object").AsException(), faults);
    }

    public static string MediaType(HttpContext http)
    {
        var header = http.Request.ContentType ?? "";
        var end = header.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? header : header[..end]).Trim().ToLowerInvariant();
    }

    public static JsonNode? ParseJson(byte[] bytes, List<string>? faults = null)
    {
        try
        {
            var duplicates = new List<string>();
            var node = JsonText.Parse(bytes, duplicates);
            faults?.AddRange(duplicates.Select(path => $"duplicate field \"{path}\""));
            return node;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw ApiError.BadRequest($"the object provided is unrecognized (must be of type object): couldn't parse JSON: {error.Message}").AsException();
        }
    }

    /// <summary>Reads YAML; most clients send JSON under that name, which is read as what it is.</summary>
    public static JsonNode? ParseYaml(byte[] bytes)
    {
        if (bytes.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{', (byte)'"', ..]) return ParseJson(bytes);
        try
        {
            return YamlText.ParseAll(Encoding.UTF8.GetString(bytes)).SingleOrDefault();
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException)
        {
            throw ApiError.BadRequest($"error parsing YAML: {error.Message}").AsException();
        }
    }
}
