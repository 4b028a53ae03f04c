using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OrleansLb.Api.Discovery;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.Rest;

/// <summary>Answers who the caller is and what it may do: on its own machine, the administrator, and everything.</summary>
internal static class ReviewHandler
{
    private const string User = "orleanslb:local";
    private const string AdminGroup = "system:masters";

    /// <summary>Null if the path is not a review's.</summary>
    public static Task? Answer(HttpContext http, ApiPath? path)
    {
        if (path is not { Version: "v1", Name: "", Namespace: "" } || http.Request.Method != "POST") return null;
        return Reviews.Types.Any(review => review.Group == path.Group && review.Plural == path.Plural) ? RunAsync(http, path.Plural) : null;
    }

    private static async Task RunAsync(HttpContext http, string plural)
    {
        var (review, _) = await RequestBody.ReadObjectAsync(http);
        review.Metadata()["creationTimestamp"] = null;
        review["status"] = plural switch
        {
            "selfsubjectreviews" => new JsonObject { ["userInfo"] = Administrator() },
            "selfsubjectrulesreviews" => Everything(),
            _ => new JsonObject { ["allowed"] = true },
        };
        await Responses.WriteAsync(http, 201, review);
    }

    private static JsonObject Administrator() => new() { ["username"] = User, ["groups"] = new JsonArray(AdminGroup, "system:authenticated") };

    private static JsonObject Everything() => new()
    {
        ["incomplete"] = false,
        ["resourceRules"] = new JsonArray(new JsonObject
        {
            ["verbs"] = new JsonArray("*"),
            ["apiGroups"] = new JsonArray("*"),
            ["resources"] = new JsonArray("*"),
        }),
        ["nonResourceRules"] = new JsonArray(new JsonObject { ["verbs"] = new JsonArray("*"), ["nonResourceURLs"] = new JsonArray("*") }),
    };
}
