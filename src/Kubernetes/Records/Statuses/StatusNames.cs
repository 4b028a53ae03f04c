using System.Security.Cryptography;
using System.Text;
using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Ports;

namespace OrleansLb.Kubernetes.Records.Statuses;

/// <summary>Names and labels of status objects. Each follows from what the object is about, so that nobody has to remember which one is whose.</summary>
internal static class StatusNames
{
    public const string ManagedBy = "app.kubernetes.io/managed-by";
    public const string Us = "orleanslb";
    private const int MaxName = 253, MaxLabel = 63, HashDigits = 10;

    /// <summary>
    /// As <c>node.peer</c>; where that could be another pair's name too, with a hash. MetalLB's objects are named as MetalLB does, but not at random.
    /// </summary>
    public static string Of(StatusSubject subject) => subject.Kind switch
    {
        StatusKind.BgpSession => NameOfSession(subject),
        StatusKind.ServiceBgp => $"bgp-{Hash($"{subject.Node}/{subject.Of}")}",
        _ => $"l2-{Hash($"{subject.Node}/{subject.Of}")}",
    };

    /// <summary>The label of the node, by which its objects are found.</summary>
    public static string NodeLabel(StatusKind kind) => kind == StatusKind.BgpSession ? "orleanslb.io/node" : "metallb.io/node";

    public static string Selector(StatusKind kind, NodeName? node) =>
        node is { } one ? $"{ManagedBy}={Us},{NodeLabel(kind)}={Label(one.Value)}" : $"{ManagedBy}={Us}";

    public static IEnumerable<(string Key, string Value)> Labels(StatusObject status)
    {
        yield return (ManagedBy, Us);
        yield return (NodeLabel(status.Subject.Kind), Label(status.Subject.Node.Value));
        if (status is StatusObject.BgpSession session) yield return ("orleanslb.io/peer", Label(SessionName.PeerOf(session.Peer)));
        if (ServiceOf(status) is not { } service) yield break;
        yield return ("metallb.io/service-name", Label(service.Name));
        yield return ("metallb.io/service-namespace", Label(service.Namespace));
    }

    public static ServiceName? ServiceOf(StatusObject status) => status switch
    {
        StatusObject.ServiceBgp bgp => bgp.Service,
        StatusObject.ServiceLayer2 layer2 => layer2.Service,
        _ => null,
    };

    private static string NameOfSession(StatusSubject subject)
    {
        // of a neighbour the address too
        var plain = $"{subject.Node}.{string.Join('.', subject.Of.Split('/').Select(part => part.Replace(':', '-').Trim('-')))}";
        if (plain.Count(letter => letter == '.') == 1 && plain.Length <= MaxName) return plain;
        var hash = Hash($"{subject.Node}/{subject.Of}");
        return $"{(plain.Length + 1 + hash.Length > MaxName ? plain[..(MaxName - 1 - hash.Length)].TrimEnd('.', '-') : plain)}.{hash}";
    }

    // A label holds less than a name may have.
    public static string Label(string value) =>
        value.Length <= MaxLabel ? value : $"{value[..(MaxLabel - 1 - HashDigits)].TrimEnd('.', '-', '_')}-{Hash(value)}";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashDigits];
}
