using System.Collections.Immutable;

namespace OrleansLb.Api.Discovery;

/// <summary>The verbs of stored resources and of their parts.</summary>
internal static class Verbs
{
    public static ImmutableArray<string> OfResource { get; } = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
    public static ImmutableArray<string> OfStatus { get; } = ["get", "patch", "update"];
    public static ImmutableArray<string> OfReview { get; } = ["create"];
}
