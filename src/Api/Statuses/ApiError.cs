using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Statuses;

/// <summary>A failure as the Kubernetes API words it: the content of a <c>Status</c> object.</summary>
public sealed record ApiError(int Code, string Reason, string Message)
{
    public string Name { get; init; } = "";
    public string Group { get; init; } = "";
    public string Kind { get; init; } = "";
    public string Uid { get; init; } = "";
    public ImmutableArray<FieldError> Causes { get; init; } = [];
    public int RetryAfterSeconds { get; init; }

    public static ApiError BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiError NotFound(GroupResource resource, string name) =>
        About(resource, name, new(404, "NotFound", $"{resource} \"{name}\" not found"));

    public static ApiError NoSuchPath() => new(404, "NotFound", "the server could not find the requested resource");

    public static ApiError AlreadyExists(GroupResource resource, string name) =>
        About(resource, name, new(409, "AlreadyExists", $"{resource} \"{name}\" already exists"));

    public static ApiError Conflict(GroupResource resource, string name, string why) =>
        About(resource, name, new(409, "Conflict", $"Operation cannot be fulfilled on {resource} \"{name}\": {why}"));

    public static ApiError Modified(GroupResource resource, string name) =>
        Conflict(resource, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiError Forbidden(GroupResource resource, string name, string why) =>
        About(resource, name, new(403, "Forbidden", $"{resource} \"{name}\" is forbidden: {why}"));

    public static ApiError MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");

    public static ApiError UnsupportedMediaType(string accepted) =>
        new(415, "UnsupportedMediaType", $"the body of the request was in an unknown format - accepted media types include: {accepted}");

    public static ApiError TooLarge() => new(413, "RequestEntityTooLarge", "Request entity too large: limit is 3145728");

    public static ApiError Internal(string message) => new(500, "InternalError", $"Internal error occurred: {message}");

    public static ApiError Expired(string message) => new(410, "Expired", message);

    public static ApiError TooLargeRevision(long asked, long current) => new(504, "Timeout", $"Too large resource version: {asked}, current: {current}")
    {
        Causes = [new("ResourceVersionTooLarge", "", "Too large resource version")],
        RetryAfterSeconds = 1,
    };

    /// <summary>A parameter of the request itself that cannot be accepted.</summary>
    public static ApiError InvalidOptions(string kind, FieldError error) =>
        new(422, "Invalid", $"{kind}.meta.k8s.io \"\" is invalid: {error}") { Group = "meta.k8s.io", Kind = kind, Causes = [error] };

    public static ApiError Invalid(ResourceType type, string name, IReadOnlyCollection<FieldError> errors)
    {
        var list = string.Join(", ", errors);
        return new(422, "Invalid", $"{Qualified(type)} \"{name}\" is invalid: {(errors.Count == 1 ? list : $"[{list}]")}")
        {
            Name = name,
            Group = type.Resource.Group,
            Kind = type.Kind,
            Causes = [.. errors],
        };
    }

    public JsonObject ToJson()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
            ["reason"] = Reason,
            ["code"] = Code,
        };
        if (Details() is { Count: > 0 } details) status["details"] = details;
        return status;
    }

    public ApiException AsException() => new(this);

    private static ApiError About(GroupResource resource, string name, ApiError error) =>
        error with { Name = name, Group = resource.Group, Kind = resource.Name };

    private static string Qualified(ResourceType type) => type.Resource.Group.Length == 0 ? type.Kind : $"{type.Kind}.{type.Resource.Group}";

    private JsonObject Details()
    {
        var details = new JsonObject();
        if (Name.Length > 0) details["name"] = Name;
        if (Group.Length > 0) details["group"] = Group;
        if (Kind.Length > 0) details["kind"] = Kind;
        if (Uid.Length > 0) details["uid"] = Uid;
        if (!Causes.IsDefaultOrEmpty) details["causes"] = new JsonArray([.. Causes.Select(Cause)]);
        if (RetryAfterSeconds > 0) details["retryAfterSeconds"] = RetryAfterSeconds;
        return details;
    }

    private static JsonNode Cause(FieldError error)
    {
        var cause = new JsonObject { ["reason"] = error.Reason, ["message"] = error.Message };
        if (error.Field.Length > 0) cause["field"] = error.Field;
        return cause;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Code} {Reason}: {Message}");
}
