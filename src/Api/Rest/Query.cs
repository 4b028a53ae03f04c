using System.Globalization;
using Microsoft.AspNetCore.Http;
using OrleansLb.Api.Objects;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Rest;

/// <summary>The query parameters of a request that the API understands.</summary>
internal readonly struct Query(HttpRequest request)
{
    public string? Text(string name) => request.Query.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    public bool Flag(string name) => Text(name) is "true" or "1" or "True";

    public int Number(string name) =>
        Text(name) is not { Length: > 0 } text ? 0
        : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number
        : throw ApiError.BadRequest($"invalid value for {name}: \"{text}\" is not a number").AsException();

    /// <summary>The resource version that was asked for, or null if none was.</summary>
    public long? Revision() =>
        Text("resourceVersion") is not { Length: > 0 } text ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var revision) ? revision
        : throw ApiError.BadRequest($"resourceVersion: Invalid value: \"{text}\": must be a number").AsException();

    public bool DryRun() => Text("dryRun") switch
    {
        null or "" => false,
        "All" => true,
        var other => throw ApiError.BadRequest($"dryRun: Unsupported value: \"{other}\": supported values: \"All\"").AsException(),
    };

    public FieldValidation FieldValidation() => Text("fieldValidation") switch
    {
        null or "" or "Warn" => Objects.FieldValidation.Warn,
        "Strict" => Objects.FieldValidation.Strict,
        "Ignore" => Objects.FieldValidation.Ignore,
        var other =>
            throw ApiError.BadRequest($"fieldValidation: Unsupported value: \"{other}\": supported values: \"Ignore\", \"Warn\", \"Strict\"").AsException(),
    };

    /// <summary>Who writes: the name given, or what the client calls itself.</summary>
    public string FieldManager()
    {
        if (Text("fieldManager") is { Length: > 0 } name) return name;
        var agent = request.Headers.UserAgent.ToString();
        var end = agent.IndexOf('/', StringComparison.Ordinal);
        return agent.Length == 0 ? "unknown" : end < 0 ? agent : agent[..end];
    }
}
