using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Connection;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Feed;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Silo.Manifests;

/// <summary>Where a cluster's objects come from: files that were written from it, or the cluster itself.</summary>
internal abstract record ClusterSource
{
    private ClusterSource()
    {
    }

    /// <summary>All objects; a file or cluster that cannot be read is an <see cref="OperatorException"/>.</summary>
    public abstract Task<IReadOnlyList<ConfigurationObject>> Read(CancellationToken cancellation);

    public sealed record Files(IReadOnlyList<string> Paths) : ClusterSource
    {
        public override Task<IReadOnlyList<ConfigurationObject>> Read(CancellationToken cancellation)
        {
            var set = new ManifestReader(ManifestKinds.All).Read(Paths);
            if (set.Faults.Count > 0) throw new OperatorException(string.Join(Environment.NewLine, set.Faults));
            return Task.FromResult<IReadOnlyList<ConfigurationObject>>(
                [.. set.Manifests.Select(manifest => ConfigurationObject.Of(manifest.Root, manifest.File))]);
        }
    }

    /// <param name="Kubeconfig">Empty takes kubectl's own.</param>
    public sealed record Cluster(string Kubeconfig) : ClusterSource
    {
        public override async Task<IReadOnlyList<ConfigurationObject>> Read(CancellationToken cancellation)
        {
            try
            {
                var options = new KubernetesClientOptions { Kubeconfig = Kubeconfig.Length > 0 ? Kubeconfig : null };
                using var client = ApiClient.Connect(options, Environment.GetEnvironmentVariable, TimeProvider.System, NullLogger<ApiClient>.Instance);
                return await ClusterListing.Read(client, cancellation);
            }
            catch (Exception failed) when (failed is ConnectionException or ApiException or HttpRequestException or IOException)
            {
                throw new OperatorException($"the cluster cannot be read: {failed.Message}", failed);
            }
        }
    }
}
