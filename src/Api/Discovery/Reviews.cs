using System.Collections.Immutable;

namespace OrleansLb.Api.Discovery;

/// <summary>Kinds that are only asked, never stored.</summary>
internal static class Reviews
{
    public static ImmutableArray<(string Group, string Plural, string Kind)> Types { get; } =
    [
        ("authorization.k8s.io", "selfsubjectaccessreviews", "SelfSubjectAccessReview"),
        ("authorization.k8s.io", "selfsubjectrulesreviews", "SelfSubjectRulesReview"),
        ("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview"),
        ("authentication.k8s.io", "selfsubjectreviews", "SelfSubjectReview"),
    ];
}
