using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Client.Transport;

/// <summary>One request: its verb, the resource it is of, the path with the query, and what makes its body for each try.</summary>
internal sealed record ApiCall(HttpMethod Method, ApiResource Resource, string PathAndQuery, Func<HttpContent>? Content = null)
{
    /// <summary>A body that is written once and sent as often as needed.</summary>
    public static Func<HttpContent> Body<T>(T value, JsonTypeInfo<T> json)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, json);
        return () => new ByteArrayContent(bytes) { Headers = { ContentType = new("application/json") } };
    }

    public override string ToString() => $"{Method} {PathAndQuery}";
}
