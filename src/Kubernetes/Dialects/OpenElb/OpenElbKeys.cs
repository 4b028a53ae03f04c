namespace OrleansLb.Kubernetes.Dialects.OpenElb;

/// <summary>The labels and annotations of OpenELB.</summary>
internal static class OpenElbKeys
{
    public const string OptIn = "lb.kubesphere.io/v1alpha1";
    public const string OptInValue = "openelb";
    public const string Pool = "eip.openelb.kubesphere.io/v1alpha2";
    public const string Address = "eip.openelb.kubesphere.io/v1alpha1";
    public const string Protocol = "protocol.openelb.kubesphere.io/v1alpha1";
    public const string DefaultPool = "eip.openelb.kubesphere.io/is-default-eip";
    public const string Rack = "openelb.kubesphere.io/rack";

    /// <summary>On an Eip, BgpConf or BgpPeer: a network plug-in does the advertising instead.</summary>
    public const string Cni = "openelb.kubesphere.io/cni";

    public const string NodeProxyPrefix = "node-proxy.openelb.kubesphere.io/";
}
