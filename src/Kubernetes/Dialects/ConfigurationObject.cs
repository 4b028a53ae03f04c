using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Kubernetes.Dialects;

/// <summary>An object that may declare configuration, as a file or the API gives it.</summary>
public sealed record ConfigurationObject(ObjectReference Reference, DateTimeOffset Created, Mapping Root)
{
    public Labels Labels { get; } = Labels.Of(Texts(Root["metadata"] as Mapping, "labels"));

    /// <summary>Its deletion is under way, and something keeps it from being done.</summary>
    public bool IsDeleting => Root.Text("metadata", "deletionTimestamp") is { Length: > 0 };

    public string? Annotation(string key) => (Root["metadata"] as Mapping)?.Text("annotations", key);

    /// <summary>The object that a document holds, with the file and line it came from.</summary>
    public static ConfigurationObject Of(Mapping root, string? file = null)
    {
        ArgumentNullException.ThrowIfNull(root);
        var reference = new ObjectReference(
            root.Text("apiVersion") ?? "",
            root.Text("kind") ?? "",
            root.Text("metadata", "namespace") ?? "",
            root.Text("metadata", "name") ?? "",
            root.Text("metadata", "uid") ?? "",
            file is null || root.Line == 0 ? file : $"{file}:{root.Line}",
            Generation(root));
        var created = DateTimeOffset.TryParse(root.Text("metadata", "creationTimestamp"), System.Globalization.CultureInfo.InvariantCulture, out var time)
            ? time
            : DateTimeOffset.MinValue;
        return new ConfigurationObject(reference, created, root);
    }

    private static long Generation(Mapping root) =>
        root["metadata"] is Mapping metadata && metadata["generation"] is Scalar { Kind: ScalarKind.Number } number
            && long.TryParse(number.Text, out var generation) ? generation : 0;

    private static IEnumerable<KeyValuePair<string, string>>? Texts(Mapping? metadata, string field) =>
        (metadata?[field] as Mapping)?.Fields.Where(entry => entry.Value is Scalar)
            .Select(entry => KeyValuePair.Create(entry.Name, ((Scalar)entry.Value).Written));
}
