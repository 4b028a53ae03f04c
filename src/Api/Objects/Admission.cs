using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Schemas;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Objects;

/// <summary>Brings an object into the form of its schema, and refuses it if its content is not legal.</summary>
internal static class Admission
{
    /// <summary>Prunes, tidies and fills in defaults; unknown fields are refused, warned of or dropped as the request asks.</summary>
    public static void Normalise(JsonObject tree, ResourceType type, WriteOptions options, List<string> warnings)
    {
        var unknown = new List<string>();
        SchemaPruning.Prune(tree, type.Schema, unknown);
        Judge([.. options.BodyFaults, .. unknown.Select(path => $"unknown field \"{path}\"")], type, options, warnings);
        if (!type.Custom) GoEncoding.Tidy(tree, type.Schema);
        ObjectMeta.Tidy(tree.Metadata());
        SchemaDefaults.Apply(tree, type.Schema);
        if (type.DeprecationWarning.Length > 0) warnings.Add(type.DeprecationWarning);
    }

    /// <summary>What the schema says against the object. A built-in kind with a value of another type cannot even be decoded.</summary>
    public static List<FieldError> CheckShape(JsonObject tree, ResourceType type)
    {
        var errors = SchemaValidator.Validate(tree, type.Schema);
        if (!type.Custom && errors.Find(error => error.Reason == "FieldValueTypeInvalid") is { } mistyped)
            throw Undecodable(type, mistyped.ToString());
        return errors;
    }

    /// <summary>Faults that an update does not touch stay accepted, so that a stricter schema does not lock old objects.</summary>
    public static void Validate(KindContext context, JsonObject tree, JsonObject? old, List<FieldError> shape)
    {
        List<FieldError> errors = [.. ObjectMeta.Validate(tree.Metadata(), context.Type), .. shape];
        if (shape.Count == 0) errors.AddRange(context.Type.Rules.Validate(context, tree, old));
        if (shape.Count == 0 && context.Type.Custom) errors.AddRange(Broken(context.Type, tree, old));
        if (old is not null && context.Type.Custom) errors.RemoveAll(error => Ratchet.IsUntouched(error, old, tree));
        if (errors.Count > 0) throw ApiError.Invalid(context.Type, tree.Metadata().Text("name") ?? "", errors).AsException();
    }

    private static IEnumerable<FieldError> Broken(ResourceType type, JsonObject tree, JsonObject? old) =>
        type.Expressions.Value.Validate(tree, old).Select(rule => new FieldError(rule.Reason, rule.FieldPath, rule.Message));

    private static ApiException Undecodable(ResourceType type, string why) =>
        ApiError.BadRequest($"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: {why}").AsException();

    private static void Judge(List<string> faults, ResourceType type, WriteOptions options, List<string> warnings)
    {
        if (faults.Count == 0 || options.FieldValidation == FieldValidation.Ignore) return;
        if (options.FieldValidation == FieldValidation.Strict)
            throw Undecodable(type, $"strict decoding error: {string.Join(", ", faults)}");
        warnings.AddRange(faults);
    }
}
