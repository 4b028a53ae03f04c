using System.Reflection;
using System.Runtime.InteropServices;
using OrleansLb.Kubernetes.Client.Connection;

namespace OrleansLb.Kubernetes.Client;

/// <summary>Which API server to use, and how hard.</summary>
public sealed class KubernetesClientOptions
{
    public const string Section = "Kubernetes";

    /// <summary>The URL of a server that needs no credential, such as the embedded one; comes before the other forms.</summary>
    public Uri? Server { get; set; }

    /// <summary>
    /// Carries the requests to <see cref="Server"/> in place of connections, to a server in this very process; the client that is made of it disposes of it.
    /// </summary>
    public HttpMessageHandler? Handler { get; set; }

    /// <summary>A kubeconfig, or several joined by the path separator as in <c>$KUBECONFIG</c>.</summary>
    public string? Kubeconfig { get; set; }

    /// <summary>The context to use instead of the kubeconfig's current one.</summary>
    public string? Context { get; set; }

    /// <summary>Use the service account of the pod.</summary>
    public bool InCluster { get; set; }

    /// <summary>How long one request other than a watch may take, retries included; the server itself gives up after 60 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How many requests other than watches run at once.</summary>
    public int MaxRequestsInFlight { get; set; } = 128;

    public string UserAgent { get; set; } = $"orleanslb/{Version} ({Platform}/{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()})";

    /// <summary>The connection that these options mean.</summary>
    public ClusterConnection Connect(Func<string, string?> environment, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(environment);
        if (Server is not null) return new ClusterConnection(Server);
        if (InCluster) return Connection.InCluster.Connect(environment, time);
        return Connection.Kubeconfig.Load(Kubeconfig ?? DefaultKubeconfig(environment)).Connect(Context, time);
    }

    private static string DefaultKubeconfig(Func<string, string?> environment) =>
        environment("KUBECONFIG") is { Length: > 0 } paths
            ? paths
            : Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".kube", "config");

    private static string Version =>
        typeof(KubernetesClientOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    private static string Platform => OperatingSystem.IsWindows() ? "windows" : "linux";
}
