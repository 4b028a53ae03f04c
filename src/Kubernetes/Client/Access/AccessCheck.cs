using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Client.Access;

/// <summary>A verb on a resource that the program needs to be allowed; a null namespace means all of them.</summary>
public readonly record struct AccessNeed(string Verb, string Group, string Resource, string? Namespace = null)
{
    public override string ToString() => $"{Verb} {Resource}{(Group.Length == 0 ? "" : $".{Group}")}{(Namespace is null ? "" : $" in {Namespace}")}";
}

/// <summary>Asks the API which needs are not granted (SelfSubjectAccessReview), so that a start says what a role lacks.</summary>
public sealed class AccessCheck(ApiClient client)
{
    public async Task<IReadOnlyList<AccessNeed>> Missing(IEnumerable<AccessNeed> needs, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(needs);
        var answers = await Task.WhenAll(needs.Select(async need => (Need: need, Allowed: await IsAllowed(need, cancellation))));
        return [.. answers.Where(answer => !answer.Allowed).Select(answer => answer.Need)];
    }

    private async Task<bool> IsAllowed(AccessNeed need, CancellationToken cancellation)
    {
        var (resource, subresource) = need.Resource.Split('/') is [var whole, var part] ? (whole, part) : (need.Resource, null);
        var attributes = new ResourceAttributes(need.Verb, need.Group, resource) { Subresource = subresource, Namespace = need.Namespace };
        var review = new AccessReviewObject { Spec = new(attributes) };
        var answer = await client.Review(AccessReviewObject.Resource, review, ClientJson.Default.AccessReviewObject, cancellation);
        return answer.Status?.Allowed == true;
    }
}
