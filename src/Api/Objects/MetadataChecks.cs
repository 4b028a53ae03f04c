using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Objects;

/// <summary>What is legal in an object's name, labels, annotations, finalizers and owners.</summary>
internal static partial class MetadataChecks
{
    private const int MaxAnnotationBytes = 256 * 1024;

    public static List<FieldError> Validate(JsonObject metadata, ResourceType type)
    {
        var errors = new List<FieldError>();
        CheckName(metadata.Text("name") ?? "", type.Rules.Names, errors);
        foreach (var (key, value) in metadata.Object("labels") ?? [])
        {
            if (!IsQualifiedName(key)) errors.Add(FieldError.Invalid("metadata.labels", key, QualifiedNameRule));
            if (value.AsText() is { } text && !IsLabelValue(text)) errors.Add(FieldError.Invalid("metadata.labels", text, LabelValueRule));
        }
        CheckAnnotations(metadata.Object("annotations") ?? [], errors);
        foreach (var finalizer in metadata.Texts("finalizers"))
            if (!IsQualifiedName(finalizer)) errors.Add(FieldError.Invalid("metadata.finalizers", finalizer, QualifiedNameRule));
        return errors;
    }

    public static bool IsQualifiedName(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var name = text[(slash + 1)..];
        return name.Length <= 63 && QualifiedPart().IsMatch(name) && (slash < 0 || NameRule.Subdomain.Accepts(text[..slash]));
    }

    public static bool IsLabelValue(string text) => text.Length <= 63 && (text.Length == 0 || QualifiedPart().IsMatch(text));

    private const string QualifiedNameRule =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character, " +
        "with an optional DNS subdomain prefix and '/'";

    private const string LabelValueRule =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

    private static void CheckName(string name, NameRule rule, List<FieldError> errors)
    {
        if (name.Length == 0) errors.Add(FieldError.Required("metadata.name", "name or generateName is required"));
        else if (name.Length > rule.MaxLength) errors.Add(FieldError.Invalid("metadata.name", name, $"must be no more than {rule.MaxLength} characters"));
        else if (!rule.Accepts(name)) errors.Add(FieldError.Invalid("metadata.name", name, rule.Explanation));
    }

    private static void CheckAnnotations(JsonObject annotations, List<FieldError> errors)
    {
        long total = 0;
        foreach (var (key, value) in annotations)
        {
            if (!IsQualifiedName(key.ToLowerInvariant())) errors.Add(FieldError.Invalid("metadata.annotations", key, QualifiedNameRule));
            total += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value.AsText() ?? "");
        }
        if (total > MaxAnnotationBytes) errors.Add(FieldError.TooLong("metadata.annotations", MaxAnnotationBytes));
    }

    [GeneratedRegex(@"^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?\z")]
    private static partial Regex QualifiedPart();
}
