using System.Collections.Immutable;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Kubernetes.Client.Connection;

/// <summary>One or several kubeconfig files as one: of entries with the same name, and of the current context, the first stands.</summary>
public sealed class Kubeconfig
{
    private readonly ImmutableDictionary<string, Entry> _clusters;
    private readonly ImmutableDictionary<string, Entry> _users;
    private readonly ImmutableDictionary<string, Entry> _contexts;
    private readonly string? _currentContext;

    private Kubeconfig(IReadOnlyList<(Mapping Root, string File)> documents)
    {
        _clusters = Named(documents, "clusters", "cluster");
        _users = Named(documents, "users", "user");
        _contexts = Named(documents, "contexts", "context");
        _currentContext = documents.Select(document => document.Root.Text("current-context")).FirstOrDefault(context => !string.IsNullOrEmpty(context));
    }

    /// <summary>Reads a <c>$KUBECONFIG</c>-style list of files. Of several, those that do not exist are passed over.</summary>
    public static Kubeconfig Load(string paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var files = paths.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
        var present = files.Count > 1 ? files.FindAll(File.Exists) : files;
        if (present.Count == 0) throw new ConnectionException($"no kubeconfig is at {paths}; name one with --kubeconfig FILE.");
        return new Kubeconfig([.. present.Select(Read)]);
    }

    /// <summary>The connection of a context; without a name, of the current one.</summary>
    public ClusterConnection Connect(string? contextName, TimeProvider time)
    {
        var name = contextName ?? _currentContext
            ?? throw new ConnectionException("the kubeconfig has no current-context; set one with 'kubectl config use-context NAME'.");
        var context = Find(_contexts, name, "context");
        var cluster = Find(_clusters, context.Text("cluster") ?? throw context.Fault("cluster", "is missing"), "cluster");
        var user = context.Text("user") is { Length: > 0 } userName ? Find(_users, userName, "user") : Entry.Empty;
        return KubeconfigConnection.Connect(cluster, user, context.Text("namespace") is { Length: > 0 } ns ? ns : "default", time);
    }

    private static Entry Find(ImmutableDictionary<string, Entry> entries, string name, string kind) => entries.GetValueOrDefault(name)
        ?? throw new ConnectionException($"the kubeconfig has no {kind} '{name}'; it has: "
            + $"{(entries.IsEmpty ? "none" : string.Join(", ", entries.Keys.Order(StringComparer.Ordinal)))}.");

    private static (Mapping Root, string File) Read(string file)
    {
        string text;
        try
        {
            text = File.ReadAllText(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ConnectionException($"the kubeconfig {file} cannot be read: {fault.Message}", fault);
        }
        return YamlNodes.ReadDocument(text) switch
        {
            DocumentResult.Loaded { Root: Mapping root } => (root, file),
            DocumentResult.Loaded { Root: Scalar { Kind: ScalarKind.Null } } => (Mapping.Empty, file),
            DocumentResult.Malformed broken => throw new ConnectionException($"{file}:{broken.Line}: {broken.Fault}"),
            _ => throw new ConnectionException($"{file} is not a kubeconfig: it must be an object with clusters, users and contexts."),
        };
    }

    private static ImmutableDictionary<string, Entry> Named(IEnumerable<(Mapping Root, string File)> documents, string list, string part)
    {
        var found = ImmutableDictionary.CreateBuilder<string, Entry>(StringComparer.Ordinal);
        foreach (var (root, file) in documents)
        {
            foreach (var item in (root[list] as Sequence)?.Items.OfType<Mapping>() ?? [])
            {
                if (item.Text("name") is { } name)
                {
                    found.TryAdd(name,
                        new Entry($"{file}: {part} '{name}'", Path.GetDirectoryName(Path.GetFullPath(file))!, item[part] as Mapping ?? Mapping.Empty));
                }
            }
        }
        return found.ToImmutable();
    }

    /// <summary>A cluster, user or context, knowing where it was written.</summary>
    internal sealed record Entry(string Name, string Directory, Mapping Fields)
    {
        public static readonly Entry Empty = new("no user", ".", Mapping.Empty);

        public string? Text(string field) => Fields[field] switch
        {
            null or Scalar { Kind: ScalarKind.Null } => null,
            Scalar scalar => scalar.Written,
            var other => throw Fault(field, $"must be a string, not {other.Describe()}"),
        };

        public bool Has(string field) => Text(field) is { Length: > 0 };

        public bool Flag(string field) => Fields[field] is Scalar { Kind: ScalarKind.Boolean, Text: "true" };

        /// <summary>Inline base64 data if there is any, else the content of the file that the other field names.</summary>
        public string? Content(string dataField, string fileField)
        {
            if (Text(dataField) is { Length: > 0 } data) return Decode(dataField, data);
            return FilePath(fileField) is { } path ? ReadFile(fileField, path) : null;
        }

        /// <summary>A relative path is relative to the kubeconfig that has it.</summary>
        public string? FilePath(string field) => Text(field) is { Length: > 0 } path ? Path.Combine(Directory, path) : null;

        public ConnectionException Fault(string field, string what) => new($"{Name}: {field} {what}.");

        private string Decode(string field, string data)
        {
            try
            {
                return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(data));
            }
            catch (FormatException)
            {
                throw Fault(field, "is not base64");
            }
        }

        private string ReadFile(string field, string path)
        {
            try
            {
                return File.ReadAllText(path);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                throw Fault(field, $"cannot be read: {fault.Message}");
            }
        }
    }
}
