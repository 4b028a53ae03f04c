using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OrleansLb.Api.Json;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Rest;

/// <summary>Writes replies.</summary>
internal static class Responses
{
    public static Task WriteAsync(HttpContext http, int code, JsonNode body) => WriteAsync(http, code, JsonText.ToBytes(body));

    public static async Task WriteAsync(HttpContext http, int code, ReadOnlyMemory<byte> json, string contentType = "application/json")
    {
        http.Response.StatusCode = code;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = json.Length;
        await http.Response.Body.WriteAsync(json, http.RequestAborted);
    }

    public static Task WriteErrorAsync(HttpContext http, ApiError error)
    {
        if (error.RetryAfterSeconds > 0) http.Response.Headers.RetryAfter = error.RetryAfterSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return WriteAsync(http, error.Code, error.ToJson());
    }

    /// <summary>Things to tell the user that do not make the request fail (RFC 7234 §5.5, code 299).</summary>
    public static void Warn(HttpContext http, IEnumerable<string> warnings)
    {
        foreach (var warning in warnings.Distinct())
            http.Response.Headers.Append("Warning", $"299 - \"{Quoted(warning)}\"");
    }

    private static string Quoted(string text) =>
        string.Concat(text.Select(c => c is '"' or '\\' ? $"\\{c}" : c is < ' ' or > '~' ? "?" : c.ToString()));
}
