using OrleansLb.Kubernetes.Manifests;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Dialects;

/// <summary>The kinds that manifests for a load balancer may hold: those of all dialects, and the built-in ones beside them.</summary>
public static class ManifestKinds
{
    private static readonly (string ApiVersion, string[] Kinds)[] BuiltIn =
    [
        ("v1", ["ConfigMap", "Endpoints", "Event", "Namespace", "Node", "PersistentVolumeClaim", "Pod", "Secret", "Service", "ServiceAccount"]),
        ("apps/v1", ["DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"]),
        ("batch/v1", ["CronJob", "Job"]),
        ("discovery.k8s.io/v1", ["EndpointSlice"]),
        ("coordination.k8s.io/v1", ["Lease"]),
        ("events.k8s.io/v1", ["Event"]),
        ("networking.k8s.io/v1", ["Ingress", "IngressClass", "NetworkPolicy"]),
        ("policy/v1", ["PodDisruptionBudget"]),
        ("rbac.authorization.k8s.io/v1", ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"]),
        ("apiextensions.k8s.io/v1", ["CustomResourceDefinition"]),
        ("metallb.io/v1beta1", ["ConfigurationState", "ServiceBGPStatus", "ServiceL2Status"]),
        ("admissionregistration.k8s.io/v1", ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]),
    ];

    public static KnownKinds All { get; } = new(
        BuiltIn.SelectMany(group => group.Kinds.Select(kind => (group.ApiVersion, kind)))
            .Concat(DialectCatalog.Resources.Select(resource => (resource.ApiVersion, resource.Kind)))
            .Append((ResourceTypes.AddressClaims.Resource.ApiVersion, ResourceTypes.AddressClaims.Resource.Kind)));
}
