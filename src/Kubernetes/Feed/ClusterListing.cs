using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Dialects;
using OrleansLb.Kubernetes.Manifests;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Feed;

/// <summary>Reads once, from a cluster that is running, all that decides about its load balancers.</summary>
public static class ClusterListing
{
    private const int PageSize = 500;
    private const string MetalLbNamespace = "metallb-system";

    /// <summary>Every object that there is; kinds that the cluster lacks are none. Secrets are not read.</summary>
    public static async Task<IReadOnlyList<ConfigurationObject>> Read(ApiClient client, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(client);
        var objects = new List<ConfigurationObject>();
        foreach (var versions in DialectCatalog.Resources.GroupBy(resource => (resource.Group, resource.Plural)))
            await ReadFirst([.. versions], client, objects, cancellation);
        ApiResource[] others =
        [
            ResourceTypes.Services.Resource, ResourceTypes.Nodes.Resource, ResourceTypes.Namespaces.Resource, ResourceTypes.EndpointSlices.Resource,
            ResourceTypes.AddressClaims.Resource, new("metallb.io", "v1beta1", "servicel2statuses", "ServiceL2Status", Namespaced: true),
        ];
        foreach (var resource in others) await TryRead(resource, null, client, objects, cancellation);
        await TryRead(ResourceTypes.ConfigMaps.Resource, MetalLbNamespace, client, objects, cancellation);
        return objects;
    }

    /// <summary>Of a kind that is served in several versions the first is read: they are the same objects.</summary>
    private static async Task ReadFirst(IReadOnlyList<ApiResource> versions, ApiClient client, List<ConfigurationObject> objects,
        CancellationToken cancellation)
    {
        foreach (var version in versions)
        {
            if (await TryRead(version, null, client, objects, cancellation)) return;
        }
    }

    /// <summary>False when the cluster has no such kind.</summary>
    private static async Task<bool> TryRead(ApiResource resource, string? ns, ApiClient client, List<ConfigurationObject> objects,
        CancellationToken cancellation)
    {
        var query = new ListQuery { Namespace = ns, Limit = PageSize };
        try
        {
            while (true)
            {
                var page = await client.List(ResourceTypes.Custom(resource), query, cancellation);
                objects.AddRange((page.Items ?? []).Select(item => ConfigurationObject.Of(Named(item.Root, resource))));
                if (string.IsNullOrEmpty(page.Metadata.Continue)) return true;
                query = query with { Continue = page.Metadata.Continue };
            }
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
        {
            return false;
        }
    }

    // The items of a list of a built-in kind bear neither apiVersion nor kind.
    private static Mapping Named(Mapping root, ApiResource resource) => new(
        [
            new("apiVersion", 0, new Scalar(resource.ApiVersion, ScalarKind.String, 0)),
            new("kind", 0, new Scalar(resource.Kind, ScalarKind.String, 0)),
            .. root.Fields.Where(field => field.Name is not ("apiVersion" or "kind")),
        ],
        root.Line);
}
