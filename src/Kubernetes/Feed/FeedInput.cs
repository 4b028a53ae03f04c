using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Client.Watching;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Feed;

/// <summary>What one of the watches of a feed brought.</summary>
internal abstract record FeedInput
{
    private FeedInput()
    {
    }

    public sealed record Definitions(Change<DefinitionObject> Change) : FeedInput;

    public sealed record Configuration(ApiResource Resource, Change<CustomObject> Change) : FeedInput;

    public sealed record Forms(Change<CustomObject> Change) : FeedInput;

    public sealed record Secrets(Change<SecretObject> Change) : FeedInput;

    public sealed record Nodes(Change<NodeObject> Change) : FeedInput;

    public sealed record Claims(Change<AddressClaimObject> Change) : FeedInput;

    public sealed record Namespaces(Change<PartialObject> Change) : FeedInput;

    public sealed record Slices(Change<EndpointSliceObject> Change) : FeedInput;

    public sealed record Services(Change<ServiceObject> Change) : FeedInput;
}
