using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansLb.Api.Cel.Rules;
using OrleansLb.Api.Json;
using OrleansLb.Api.Schemas;

namespace OrleansLb.Api.Resources;

/// <summary>Reads the served versions out of a CustomResourceDefinition, or out of a built-in kind declared in the same form.</summary>
public static class DefinitionReader
{
    public static IEnumerable<ResourceType> Read(JsonObject definition, bool custom)
    {
        var spec = definition.Object("spec") ?? [];
        var storage = spec.Objects("versions").FirstOrDefault(version => version.Flag("storage") == true)?.Text("name") ?? "";
        return spec.Objects("versions").Where(version => version.Flag("served") ?? false).Select(version => Version(spec, version, storage, custom));
    }

    private static ResourceType Version(JsonObject spec, JsonObject version, string storage, bool custom)
    {
        var names = spec.Object("names") ?? [];
        var resource = new GroupResource(spec.Text("group") ?? "", names.Text("plural") ?? "");
        var kind = names.Text("kind") ?? "";
        var namespaced = spec.Text("scope") == "Namespaced";
        var schema = version.Object("schema").Object("openAPIV3Schema") ?? new JsonObject { ["type"] = "object" };
        return new ResourceType
        {
            Resource = resource,
            Version = version.Text("name") ?? "",
            Kind = kind,
            ListKind = names.Text("listKind") ?? kind + "List",
            Singular = names.Text("singular") ?? kind.ToLowerInvariant(),
            ShortNames = [.. names.Texts("shortNames")],
            Categories = [.. names.Texts("categories")],
            Namespaced = namespaced,
            HasStatus = version.Object("subresources").Object("status") is not null,
            Custom = custom,
            Schema = RootSchema.Of(SchemaReader.Read(schema), resource.Group, version.Text("name") ?? "", kind),
            Expressions = new(() => SchemaRules.Compile(schema)),
            Columns = Columns(version),
            Storage = StoredAs(spec, resource),
            StorageApiVersion = spec.Text("storedApiVersion") ?? (resource.Group.Length == 0 ? storage : $"{resource.Group}/{storage}"),
            SelectableFields = [.. version.Objects("selectableFields").Select(field => (field.Text("jsonPath") ?? "").TrimStart('.'))],
            DeprecationWarning = Deprecation(version, resource.Group, kind),
        };
    }

    private static GroupResource StoredAs(JsonObject spec, GroupResource resource) =>
        spec.Text("storedIn") is { } group ? resource with { Group = group } : resource;

    private static ImmutableArray<PrinterColumn> Columns(JsonObject version)
    {
        var declared = version.Objects("additionalPrinterColumns").Select(column => new PrinterColumn(
            column.Text("name") ?? "", column.Text("type") ?? "string", column.Text("jsonPath") ?? "",
            column.Text("format") ?? "", column.Text("description") ?? "", (int)(column.Whole("priority") ?? 0))).ToImmutableArray();
        return declared.IsEmpty ? [new PrinterColumn("Age", "date", ".metadata.creationTimestamp")] : declared;
    }

    private static string Deprecation(JsonObject version, string group, string kind) =>
        version.Flag("deprecated") != true ? "" : version.Text("deprecationWarning") ?? $"{group}/{version.Text("name")} {kind} is deprecated";
}
