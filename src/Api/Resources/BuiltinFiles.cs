using System.Reflection;

namespace OrleansLb.Api.Resources;

/// <summary>The declarations of kinds that are compiled into this assembly.</summary>
internal static class BuiltinFiles
{
    private const string BuiltinPrefix = "OrleansLb.Api.Builtin.";
    private const string DefinitionPrefix = "OrleansLb.Api.Definitions.";

    private static readonly Assembly Here = typeof(BuiltinFiles).Assembly;

    public static string Read(string file) => ReadResource(BuiltinPrefix + file);

    /// <summary>The built-in kinds, each file a stream of documents in the form of a CustomResourceDefinition.</summary>
    public static IEnumerable<string> Kinds() => ReadAll(BuiltinPrefix + "kinds.");

    /// <summary>The CustomResourceDefinitions that a fresh API starts with.</summary>
    public static IEnumerable<string> Definitions() => ReadAll(DefinitionPrefix);

    private static IEnumerable<string> ReadAll(string prefix) =>
        Here.GetManifestResourceNames().Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(ReadResource);

    private static string ReadResource(string name)
    {
        var stream = Here.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"resource {name} is missing from the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
