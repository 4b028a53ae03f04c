using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Objects;

/// <summary>The kinds that are read or written with types of their own.</summary>
public static class ResourceTypes
{
    public static ResourceType<ServiceObject> Services { get; } =
        new(new("", "v1", "services", "Service", true), ObjectsJson.Default.ServiceObject, ObjectsJson.Default.ObjectListServiceObject);

    public static ResourceType<NodeObject> Nodes { get; } =
        new(new("", "v1", "nodes", "Node", false), ObjectsJson.Default.NodeObject, ObjectsJson.Default.ObjectListNodeObject);

    public static ResourceType<PodObject> Pods { get; } =
        new(new("", "v1", "pods", "Pod", true), ObjectsJson.Default.PodObject, ObjectsJson.Default.ObjectListPodObject);

    public static ResourceType<PartialObject> Namespaces { get; } =
        new(new("", "v1", "namespaces", "Namespace", false), ClientJson.Default.PartialObject, ClientJson.Default.ObjectListPartialObject);

    public static ResourceType<SecretObject> Secrets { get; } =
        new(new("", "v1", "secrets", "Secret", true), ObjectsJson.Default.SecretObject, ObjectsJson.Default.ObjectListSecretObject);

    public static ResourceType<CustomObject> ConfigMaps { get; } = Custom(new("", "v1", "configmaps", "ConfigMap", true));

    public static ResourceType<EndpointSliceObject> EndpointSlices { get; } =
        new(new("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true), ObjectsJson.Default.EndpointSliceObject,
            ObjectsJson.Default.ObjectListEndpointSliceObject);

    public static ResourceType<DefinitionObject> Definitions { get; } =
        new(new("apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", false), ObjectsJson.Default.DefinitionObject,
            ObjectsJson.Default.ObjectListDefinitionObject);

    public static ResourceType<AddressClaimObject> AddressClaims { get; } =
        new(new("orleanslb.io", "v1alpha1", "addressclaims", "AddressClaim", false), ObjectsJson.Default.AddressClaimObject,
            ObjectsJson.Default.ObjectListAddressClaimObject);

    public static ResourceType<CustomObject> AcceptedForms { get; } = Custom(new("orleanslb.io", "v1alpha1", "acceptedforms", "AcceptedForm", false));

    public static ResourceType<CustomObject> Custom(ApiResource resource) =>
        new(resource, ObjectsJson.Default.CustomObject, ObjectsJson.Default.ObjectListCustomObject);
}
