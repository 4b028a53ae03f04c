using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using OrleansLb.Kubernetes.Client.Access;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Client.Transport;

/// <summary>One request: its verb, the resource it is of, the path with the query, and what makes its body for each try.</summary>
internal sealed record ApiCall(HttpMethod Method, ApiResource Resource, string PathAndQuery, Func<HttpContent>? Content = null)
{
    /// <summary>Nobody waits for it: others go first (<see cref="RightOfWay"/>).</summary>
    public bool GivesWay { get; init; }

    /// <summary>A body that is written once and sent as often as needed.</summary>
    public static Func<HttpContent> Body<T>(T value, JsonTypeInfo<T> json)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, json);
        return () => new ByteArrayContent(bytes) { Headers = { ContentType = new("application/json") } };
    }

    /// <summary>The right that it takes: on one object anywhere, on a list where it is listed.</summary>
    public AccessNeed Need()
    {
        var asked = Attributes();
        var isList = asked.Verb is "list" or "watch";
        return new(asked.Verb, asked.Group, asked.Subresource is null ? asked.Resource : $"{asked.Resource}/{asked.Subresource}",
            isList ? asked.Namespace : null);
    }

    /// <summary>What the server's authorizer is asked: of this object and no other.</summary>
    public ResourceAttributes Attributes()
    {
        var (path, query) = PathAndQuery.Split('?') is [var before, var after] ? (before, after) : (PathAndQuery, "");
        var segments = path[(Resource.Path().Length - Resource.Plural.Length)..].Split('/');
        var ns = Resource.Namespaced && segments is ["namespaces", var named, ..] ? Uri.UnescapeDataString(named) : null;
        var target = ns is null ? segments : segments[2..];
        return new(Verb(target.Length == 1, query), Resource.Group, Resource.Plural)
        {
            Namespace = ns,
            Name = target is [_, var name, ..] ? Uri.UnescapeDataString(name) : null,
            Subresource = target is [_, _, var part] ? part : null,
        };
    }

    public override string ToString() => $"{Method} {PathAndQuery}";

    private string Verb(bool isOfMany, string query) => Method.Method switch
    {
        "GET" when !isOfMany => "get",
        "GET" => query.Split('&').Contains("watch=true") ? "watch" : "list",
        "POST" => "create",
        "PUT" => "update",
        _ => Method.Method.ToLowerInvariant(),
    };
}
