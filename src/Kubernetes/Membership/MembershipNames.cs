using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace OrleansLb.Kubernetes.Membership;

/// <summary>The names of membership's objects: legal for every id and address, never two for one, and short enough to be the value of a label.</summary>
public static partial class MembershipNames
{
    private const int LongestLabelValue = 63;
    private const int HashLength = 40;

    /// <summary><c>CLUSTER.SERVICE</c> where both ids are names in Kubernetes' sense; else a hash of them.</summary>
    public static string OfCluster(string serviceId, string clusterId)
    {
        ArgumentNullException.ThrowIfNull(serviceId);
        ArgumentNullException.ThrowIfNull(clusterId);
        var plain = $"{clusterId}.{serviceId}";
        return plain.Length <= LongestLabelValue && Label().IsMatch(serviceId) && Label().IsMatch(clusterId) ? plain : $"cluster-{Hash(serviceId, clusterId)}";
    }

    /// <summary>
    /// What stands for a cluster id in other names, such as that of a finalizer: the id itself where it is a name of at most 40 characters; else a hash of it.
    /// </summary>
    public static string OfId(string clusterId)
    {
        ArgumentNullException.ThrowIfNull(clusterId);
        return clusterId.Length <= HashLength && Label().IsMatch(clusterId) ? clusterId : Hash(clusterId, "");
    }

    /// <summary>The Lease of one silo: addresses bear colons and percent signs, which names may not.</summary>
    public static string OfHeartbeat(string cluster, string silo) => $"silo-{Hash(cluster, silo)}";

    private static string Hash(string first, string second)
    {
        // The length in front keeps ("a", "bc") apart from ("ab", "c").
        var text = Encoding.UTF8.GetBytes($"{first.Length}:{first}{second}");
        return Convert.ToHexStringLower(SHA256.HashData(text))[..HashLength];
    }

    [GeneratedRegex(@"\A[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex Label();
}
