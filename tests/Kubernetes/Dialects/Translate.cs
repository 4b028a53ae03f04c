using OrleansLb.Core.Configuration;
using OrleansLb.Core.Services;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Kubernetes.Manifests;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Tests.Dialects;

/// <summary>Shorthand for tests: text in, declarations and problems out.</summary>
internal static class Translate
{
    public static DeclaredConfiguration Configuration(string yaml, TranslationContext? context = null)
    {
        var set = new ManifestReader(ManifestKinds.All).ReadText(yaml, "file.yaml");
        Assert.Empty(set.Faults);
        return DialectCatalog.TranslateAll(set.Manifests.Select(manifest => ConfigurationObject.Of(manifest.Root, manifest.File)),
            context ?? TranslationContext.Empty);
    }

    /// <summary>An object of a kind with this spec (indented by two), named "x".</summary>
    public static DeclaredConfiguration Spec(string apiVersion, string kind, string spec, TranslationContext? context = null) =>
        Configuration($"apiVersion: {apiVersion}\nkind: {kind}\nmetadata:\n  name: x\n  namespace: metallb-system\nspec:\n{Indent(spec)}\n", context);

    public static T Single<T>(DeclaredConfiguration declared)
        where T : Declaration
    {
        Assert.Empty(declared.Problems);
        return Assert.IsType<T>(Assert.Single(declared.Declarations));
    }

    /// <summary>The one problem is an error at this field, and nothing is declared.</summary>
    public static void Refused(DeclaredConfiguration declared, string field, string says)
    {
        var problem = Assert.Single(declared.Problems);
        Assert.Equal((field, Severity.Error), (problem.Field, problem.Severity));
        Assert.Contains(says, problem.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(declared.Declarations);
        Assert.Single(declared.Unreadable);
    }

    public static ServiceRequest Service(string yaml, ServiceRules? rules = null)
    {
        var manifest = Assert.Single(new ManifestReader(ManifestKinds.All).ReadText(yaml, "file.yaml").Manifests);
        var service = System.Text.Json.JsonSerializer.Deserialize(manifest.Root.ToJson(), ResourceTypes.Services.Json)!;
        return ServiceTranslator.Translate(service, Core.Labels.None, ServiceEndpoints.None, rules ?? ServiceRules.Default);
    }

    public static string Indent(string text) => string.Join('\n', text.Split('\n').Select(line => $"  {line}"));
}
