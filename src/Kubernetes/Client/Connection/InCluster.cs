using OrleansLb.Kubernetes.Client.Credentials;

namespace OrleansLb.Kubernetes.Client.Connection;

/// <summary>The connection of a pod: its service account's token and certificate authority, mounted by the kubelet.</summary>
public static class InCluster
{
    public const string ServiceAccountDirectory = "/var/run/secrets/kubernetes.io/serviceaccount";

    public static ClusterConnection Connect(Func<string, string?> environment, TimeProvider time, string directory = ServiceAccountDirectory)
    {
        ArgumentNullException.ThrowIfNull(environment);
        var (host, port) = (environment("KUBERNETES_SERVICE_HOST"), environment("KUBERNETES_SERVICE_PORT"));
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port))
        {
            throw new ConnectionException(
                "KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set: --in-cluster works in a pod only; elsewhere use --kubeconfig FILE.");
        }
        var tokenFile = Path.Combine(directory, "token");
        if (!File.Exists(tokenFile))
        {
            throw new ConnectionException($"{tokenFile} does not exist: give the pod a service account and leave automountServiceAccountToken on.");
        }
        var namespaceFile = Path.Combine(directory, "namespace");
        return new ClusterConnection(new Uri($"https://{(host.Contains(':') ? $"[{host.Trim('[', ']')}]" : host)}:{port}"))
        {
            Namespace = File.Exists(namespaceFile) ? File.ReadAllText(namespaceFile).Trim() : "default",
            Trust = ServerTrust.FromFile(Path.Combine(directory, "ca.crt"), time),
            Credential = new TokenFileCredential(tokenFile, time),
        };
    }
}
