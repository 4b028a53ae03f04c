namespace OrleansLb.Api.Resources;

/// <summary>The built-in resources that the program refers to by name.</summary>
public static class KnownResources
{
    public static GroupResource Namespaces { get; } = new("", "namespaces");
    public static GroupResource Nodes { get; } = new("", "nodes");
    public static GroupResource Pods { get; } = new("", "pods");
    public static GroupResource Services { get; } = new("", "services");
    public static GroupResource ConfigMaps { get; } = new("", "configmaps");
    public static GroupResource Secrets { get; } = new("", "secrets");
    public static GroupResource Events { get; } = new("", "events");
    public static GroupResource EndpointSlices { get; } = new("discovery.k8s.io", "endpointslices");
    public static GroupResource CustomResourceDefinitions { get; } = new("apiextensions.k8s.io", "customresourcedefinitions");
}
