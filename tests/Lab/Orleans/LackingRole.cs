using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OrleansLb.Api.Rest;

namespace OrleansLb.Lab.Tests.Orleans;

/// <summary>The role of a service account that lacks one right, such as to <c>patch services/status</c>; refuses in the words of the API server.</summary>
internal sealed class LackingRole(string verb, string resource)
{
    private volatile bool _isGranted;

    /// <summary>An administrator adds the rule.</summary>
    public void Grant() => _isGranted = true;

    public async Task Judge(HttpContext http, RequestDelegate next)
    {
        if (_isGranted || !await Lacks(http.Request))
        {
            await next(http);
            return;
        }
        http.Response.StatusCode =
            http.Request.Path.Value!.EndsWith("reviews", StringComparison.Ordinal) ? StatusCodes.Status201Created : StatusCodes.Status403Forbidden;
        await http.Response.WriteAsJsonAsync(http.Response.StatusCode == StatusCodes.Status201Created
            ? new JsonObject { ["kind"] = "SelfSubjectAccessReview", ["apiVersion"] = "authorization.k8s.io/v1",
                ["status"] = new JsonObject { ["allowed"] = false } }
            : new JsonObject
            {
                ["kind"] = "Status", ["apiVersion"] = "v1", ["status"] = "Failure", ["reason"] = "Forbidden", ["code"] = 403,
                ["message"] =
                    $"{resource} is forbidden: User \"system:serviceaccount:orleanslb-system:orleanslb\" cannot {verb} resource \"{resource}\" in API group "
                        + "\"\" at the cluster scope",
            });
    }

    private async Task<bool> Lacks(HttpRequest request) => ApiPath.Parse(request.Path) switch
    {
        { Plural: "selfsubjectaccessreviews" } => await IsAskedFor(request),
        { Plural.Length: > 0 } target => Verb(request, target.Name.Length > 0) == verb && Resource(target.Plural, target.Subresource) == resource,
        _ => false,
    };

    private async Task<bool> IsAskedFor(HttpRequest request)
    {
        request.EnableBuffering();
        var review = await JsonNode.ParseAsync(request.Body);
        request.Body.Position = 0;
        var asked = review!["spec"]!["resourceAttributes"]!;
        return (string?)asked["verb"] == verb && Resource((string?)asked["resource"] ?? "", (string?)asked["subresource"] ?? "") == resource;
    }

    private static string Resource(string plural, string part) => part.Length == 0 ? plural : $"{plural}/{part}";

    private static string Verb(HttpRequest request, bool isOne) => request.Method switch
    {
        "GET" when isOne => "get",
        "GET" => request.Query["watch"] == "true" ? "watch" : "list",
        "POST" => "create",
        var other => other.ToLowerInvariant(),
    };
}
