using OrleansLb.Core.Configuration;

namespace OrleansLb.Kubernetes.Dialects.OrleansLb;

/// <summary>The words for roles, in the spelling that routers have for them.</summary>
internal static class PeerRoles
{
    /// <summary>In the order of the roles.</summary>
    private static readonly string[] Words = ["provider", "rs", "rs-client", "customer", "peer"];

    public static ReadOnlySpan<string> All => Words;

    public static string Word(PeerRole role) => Words[(int)role];

    /// <summary>The role of one of <see cref="All"/>.</summary>
    public static PeerRole Of(string word) => (PeerRole)Array.IndexOf(Words, word);
}
