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

    /// <summary>Faults that an update does not touch stay accepted, so that a stricter schema does not lock old objects.</summary>
    public static void Validate(KindContext context, JsonObject tree, JsonObject? old)
    {
        var errors = Errors(context, tree, old);
        if (errors.Count > 0 && old is not null && context.Type.Custom)
            errors = [.. errors.Where(error => !Ratchet.IsUntouched(error, old, tree))];
        if (errors.Count == 0) return;
        throw ApiError.Invalid(context.Type, tree.Metadata().Text("name") ?? "", errors).AsException();
    }

    private static List<FieldError> Errors(KindContext context, JsonObject tree, JsonObject? old)
    {
        var errors = ObjectMeta.Validate(tree.Metadata(), context.Type);
        var shape = SchemaValidator.Validate(tree, context.Type.Schema);
        if (!context.Type.Custom && shape.FirstOrDefault(error => error.Reason == "FieldValueTypeInvalid") is { } mistyped)
            throw ApiError.BadRequest($"{context.Type.Kind} in version \"{context.Type.Version}\" cannot be handled as a {context.Type.Kind}: {mistyped}").AsException();
        errors.AddRange(shape);
        if (shape.Count > 0) return errors;
        errors.AddRange(context.Type.Rules.Validate(context, tree, old));
        if (context.Type.Custom)
            errors.AddRange(context.Type.Expressions.Value.Validate(tree, old).Select(broken => new FieldError(broken.Reason, broken.FieldPath, broken.Message)));
        return errors;
    }

    private static void Judge(List<string> faults, ResourceType type, WriteOptions options, List<string> warnings)
    {
        if (faults.Count == 0 || options.FieldValidation == FieldValidation.Ignore) return;
        if (options.FieldValidation == FieldValidation.Strict)
            throw ApiError.BadRequest($"{type.Kind} in version \"{type.Version}\" cannot be handled as a {type.Kind}: strict decoding error: {string.Join(", ", faults)}").AsException();
        warnings.AddRange(faults);
    }
}
