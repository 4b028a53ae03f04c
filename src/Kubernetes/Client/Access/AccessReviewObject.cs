using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Client.Access;

/// <summary>An authorization.k8s.io/v1 SelfSubjectAccessReview.</summary>
internal sealed record AccessReviewObject
{
    public static ApiResource Resource { get; } = new("authorization.k8s.io", "v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", Namespaced: false);

    public string ApiVersion { get; init; } = "authorization.k8s.io/v1";

    public string Kind { get; init; } = "SelfSubjectAccessReview";

    public AccessReviewSpec? Spec { get; init; }

    public AccessReviewStatus? Status { get; init; }
}

internal sealed record AccessReviewSpec(ResourceAttributes ResourceAttributes);

internal sealed record ResourceAttributes(string Verb, string Group, string Resource)
{
    public string? Subresource { get; init; }

    public string? Namespace { get; init; }

    /// <summary>Null for all objects.</summary>
    public string? Name { get; init; }
}

internal sealed record AccessReviewStatus
{
    public bool Allowed { get; init; }

    public string? Reason { get; init; }
}
