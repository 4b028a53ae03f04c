using System.Security.Cryptography;
using System.Text;
using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Kubernetes.Dialects.Forms;

/// <summary>
/// An object that configures us as its author wrote it: without its status, without what others note on it, and without passwords
/// (<see cref="WithheldPasswords"/>). Fields are sorted, so that two forms are the same when their texts are.
/// </summary>
internal static class ObjectForm
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";
    private const int LongestName = 253, HashDigits = 10;

    private static readonly string[] KeptMetadata = ["annotations", "creationTimestamp", "generation", "labels", "name", "namespace", "uid"];

    /// <summary>The form of an object.</summary>
    public static Mapping Of(ConfigurationObject source)
    {
        var fields = source.Root.Fields
            .Where(field => field.Name is not ("status" or "apiVersion" or "kind" or "metadata"))
            .Select(field =>
                field with { Value = IsText(source.Reference, field.Name) ? WithholdInText(field.Value) : WithheldPasswords.Withhold(field.Value) })
            .Append(Text("apiVersion", source.Reference.ApiVersion))
            .Append(Text("kind", source.Reference.Kind))
            .Append(new("metadata", 0, Metadata(source.Root["metadata"] as Mapping ?? Mapping.Empty)));
        return (Mapping)Sorted(new Mapping([.. fields], 0));
    }

    /// <summary>The object of a form, with the passwords that the object has now; null when one is not there any more.</summary>
    public static ConfigurationObject? Restore(Mapping form, ConfigurationObject now)
    {
        var source = ConfigurationObject.Of(form);
        var fields = new List<Field>();
        foreach (var field in form.Fields)
        {
            var own = now.Root[field.Name];
            if ((IsText(source.Reference, field.Name) ? PutBackInText(field.Value, own) : WithheldPasswords.PutBack(field.Value, own)) is not { } whole)
                return null;
            fields.Add(field with { Value = whole });
        }
        return ConfigurationObject.Of(new Mapping([.. fields], 0));
    }

    /// <summary>A name for what is kept of an object, by its group, kind, namespace and name: readable, and no other object's.</summary>
    public static string Name(ObjectReference subject)
    {
        var plain = $"{subject.Kind.ToLowerInvariant()}.{(subject.Namespace.Length == 0 ? "" : $"{subject.Namespace}.")}{subject.Name}";
        var hash =
            Convert.ToHexStringLower(
                SHA256.HashData(Encoding.UTF8.GetBytes($"{subject.ApiVersion.Split('/')[0]}/{subject.Kind}/{subject.Namespace}/{subject.Name}")))[..HashDigits];
        return $"{(plain.Length > LongestName - 1 - HashDigits ? plain[..(LongestName - 1 - HashDigits)].TrimEnd('.', '-') : plain)}.{hash}";
    }

    public static Node Sorted(Node value) => value switch
    {
        Mapping mapping =>
            new Mapping([.. mapping.Fields.OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => new Field(field.Name, 0, Sorted(field.Value)))],
                0),
        Sequence list => new Sequence([.. list.Items.Select(Sorted)], 0),
        _ => value,
    };

    private static Mapping Metadata(Mapping metadata) => new(
        [.. metadata.Fields.Where(field => KeptMetadata.Contains(field.Name))
            .Select(field => field is { Name: "annotations", Value: Mapping annotations } ? field with { Value = Annotations(annotations) } : field)], 0);

    // What kubectl notes there is the whole object once more, passwords and all.
    private static Mapping Annotations(Mapping annotations) => new([.. annotations.Fields.Where(annotation => annotation.Name != LastApplied)], 0);

    /// <summary>A ConfigMap's settings are text within its data; YAML reads JSON too, so that text may be written as such.</summary>
    private static bool IsText(ObjectReference subject, string field) => subject.Kind == "ConfigMap" && field == "data";

    private static Node WithholdInText(Node data) =>
        Config(data) is { } config && WithheldPasswords.AreIn(config) ? WithConfig((Mapping)data, WithheldPasswords.Withhold(config)) : data;

    private static Node? PutBackInText(Node data, Node? now)
    {
        if (Config(data) is not { } config || !WithheldPasswords.AreIn(config)) return data;
        return WithheldPasswords.PutBack(config, Config(now)) is { } whole ? WithConfig((Mapping)data, whole) : null;
    }

    private static Mapping? Config(Node? data) =>
        (data as Mapping)?.Text("config") is { } text && YamlNodes.ReadDocument(text) is DocumentResult.Loaded { Root: Mapping config } ? config : null;

    private static Mapping WithConfig(Mapping data, Node config) =>
        new([.. data.Fields.Select(field => field.Name == "config" ? Text("config", Encoding.UTF8.GetString(config.ToJson())) : field)], 0);

    private static Field Text(string name, string text) => new(name, 0, new Scalar(text, ScalarKind.String, 0));
}
