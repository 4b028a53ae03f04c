using System.Text;

namespace OrleansLb.Kubernetes.Manifests;

/// <summary>Reads objects from YAML and JSON files and directories. What cannot be read becomes a fault, and the rest still loads.</summary>
public sealed class ManifestReader(KnownKinds kinds)
{
    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    /// <summary>Files as they are, and of directories all YAML and JSON files below them, in the order of their names.</summary>
    public ManifestSet Read(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var (manifests, faults) = (new List<Manifest>(), new List<ManifestFault>());
        foreach (var path in paths)
        {
            foreach (var file in FilesAt(path, faults)) ReadFile(file, manifests, faults);
        }
        return new ManifestSet(manifests, faults);
    }

    /// <summary>Reads text that stands for a file of that name.</summary>
    public ManifestSet ReadText(string text, string file)
    {
        var (manifests, faults) = (new List<Manifest>(), new List<ManifestFault>());
        Collect(Parse(Encoding.UTF8.GetBytes(text), file), file, manifests, faults);
        return new ManifestSet(manifests, faults);
    }

    private static List<string> FilesAt(string path, List<ManifestFault> faults)
    {
        if (File.Exists(path)) return [path];
        if (Directory.Exists(path))
            return Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Where(IsManifest).Order(StringComparer.Ordinal).ToList();
        faults.Add(new ManifestFault(path, 0, "there is no such file or directory; check the path."));
        return [];
    }

    private static bool IsManifest(string file) => Extensions.Contains(Path.GetExtension(file).ToLowerInvariant()) && !Path.GetFileName(file).StartsWith('.');

    private void ReadFile(string file, List<Manifest> manifests, List<ManifestFault> faults)
    {
        try
        {
            Collect(Parse(File.ReadAllBytes(file), file), file, manifests, faults);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            faults.Add(new ManifestFault(file, 0, $"cannot be read: {fault.Message}"));
        }
    }

    private static IEnumerable<DocumentResult> Parse(byte[] bytes, string file)
    {
        var utf8 = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes;
        if (IsJson(utf8, file)) return JsonNodes.ReadFile(utf8);
        try
        {
            return YamlNodes.ReadFile(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(utf8));
        }
        catch (DecoderFallbackException)
        {
            return [new DocumentResult.Malformed(1, "this is not text in UTF-8; save it as UTF-8.")];
        }
    }

    private static bool IsJson(byte[] utf8, string file)
    {
        var extension = Path.GetExtension(file);
        if (extension is ".json") return true;
        return extension is not (".yaml" or ".yml") && utf8.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{', ..];
    }

    private void Collect(IEnumerable<DocumentResult> documents, string file, List<Manifest> manifests, List<ManifestFault> faults)
    {
        foreach (var document in documents)
        {
            if (document is DocumentResult.Malformed broken) faults.Add(new ManifestFault(file, broken.Line, broken.Fault));
            else if (document is DocumentResult.Loaded loaded) Collect(loaded.Root, file, manifests, faults);
        }
    }

    private void Collect(Node root, string file, List<Manifest> manifests, List<ManifestFault> faults)
    {
        if (root is not Mapping mapping)
        {
            faults.Add(new ManifestFault(file, root.Line, $"an object with apiVersion and kind was expected, not {root.Describe()}."));
            return;
        }
        var manifest = new Manifest(mapping, file);
        if (manifest.Kind.EndsWith("List", StringComparison.Ordinal) && mapping["items"] is Sequence items)
        {
            foreach (var item in items.Items) Collect(item, file, manifests, faults);
        }
        else if (kinds.FaultOf(manifest.ApiVersion, manifest.Kind) is { } fault) faults.Add(new ManifestFault(file, mapping.Line, fault));
        else manifests.Add(manifest);
    }
}
