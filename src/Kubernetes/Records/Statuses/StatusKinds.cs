using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Records.Statuses;

/// <summary>The resources in which status objects are kept.</summary>
internal static class StatusKinds
{
    private static readonly ResourceType<CustomObject> BgpSessions =
        ResourceTypes.Custom(new("orleanslb.io", "v1alpha1", "bgpsessionstatuses", "BGPSessionStatus", Namespaced: false));

    private static readonly ResourceType<CustomObject> ServiceBgp =
        ResourceTypes.Custom(new("metallb.io", "v1beta1", "servicebgpstatuses", "ServiceBGPStatus", Namespaced: true));

    private static readonly ResourceType<CustomObject> ServiceLayer2 =
        ResourceTypes.Custom(new("metallb.io", "v1beta1", "servicel2statuses", "ServiceL2Status", Namespaced: true));

    private static readonly ResourceType<CustomObject> OpenElbPeers =
        ResourceTypes.Custom(new("network.kubesphere.io", "v1alpha2", "bgppeers", "BgpPeer", Namespaced: false));

    private static readonly ResourceType<CustomObject> OpenElbConfs =
        ResourceTypes.Custom(new("network.kubesphere.io", "v1alpha2", "bgpconfs", "BgpConf", Namespaced: false));

    public static ResourceType<CustomObject> TypeOf(StatusKind kind) => kind switch
    {
        StatusKind.BgpSession => BgpSessions,
        StatusKind.ServiceBgp => ServiceBgp,
        StatusKind.OpenElbPeer => OpenElbPeers,
        StatusKind.OpenElbConf => OpenElbConfs,
        _ => ServiceLayer2,
    };

    /// <summary>Whether it is an entry of ours in the status of an object that somebody else has made.</summary>
    public static bool IsEntry(StatusKind kind) => kind is StatusKind.OpenElbPeer or StatusKind.OpenElbConf;

    /// <summary>Whether the status is written by a request of its own: MetalLB's kinds have it as a subresource, ours is nothing but status.</summary>
    public static bool HasStatusSubresource(StatusKind kind) => kind != StatusKind.BgpSession;
}
