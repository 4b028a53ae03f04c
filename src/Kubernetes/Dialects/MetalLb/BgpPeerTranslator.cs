using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Dialects.Fields;

namespace OrleansLb.Kubernetes.Dialects.MetalLb;

/// <summary>Translates <c>BGPPeer</c> of metallb.io/v1beta2, and of v1beta1, whose fields are among those of v1beta2.</summary>
internal static class BgpPeerTranslator
{
    /// <summary>The highest port that the rival's schema takes.</summary>
    private const int MostPort = 16384;

    /// <summary>What a multihop session sends with, as FRR does when no number is given.</summary>
    private const int MultihopTtl = 255;

    public static Translation Translate(ConfigurationObject source, TranslationContext context)
    {
        var spec = SpecReader.Open(source);
        var password = PasswordField.Read(spec, context);
        var peer = Read(source, spec, MostPort);
        spec.NotHonoured("disableMP", "each address family is negotiated by itself (RFC 4760); remove the field.");
        spec.End();
        return spec.Problems.Conclude(() =>
            password.IsAwaited || peer is null ? [] : [peer with { Password = password.Password, PasswordSecret = password.Secret }]);
    }

    /// <summary>The peer without its password; null when an essential field is missing, which has been reported.</summary>
    /// <param name="range">Set where whoever connects from it is the peer, so that no router is named.</param>
    public static BgpPeer? Read(ConfigurationObject source, FieldReader spec, int mostPort, ListenRange? range = null)
    {
        var local = spec.RequiredAsn("myASN", "missing local ASN; give the number of your own autonomous system.");
        var remote = spec.RemoteAs();
        var (address, device) = Endpoint(spec, range is not null);
        var (hold, keepalive) = spec.HoldAndKeepalive("holdTime", "keepaliveTime");
        var multihop = spec.Flag("ebgpMultiHop");
        if (multihop && BgpFields.IsInternal(remote, local)) spec.Error("ebgpMultiHop", "invalid ebgp-multihop parameter set for an ibgp peer; remove it.");
        var peer = new BgpPeer(
            source.Reference, source.Created, source.Reference.Name, local ?? 0, remote!, address, device, spec.Selectors("nodeSelectors"),
            Port: (int)(spec.Number("peerPort", 0, mostPort) is { } port and not 0 ? port : 179),
            SourceAddress: spec.Address("sourceAddress"),
            RouterId: spec.RouterId("routerID"),
            HoldTime: hold,
            KeepaliveTime: keepalive,
            ConnectRetryTime: spec.WholeSeconds("connectTime"),
            MultihopTtl: multihop ? MultihopTtl : null,
            GracefulRestart: spec.Flag("enableGracefulRestart"),
            DualStack: spec.Flag("dualStackAddressFamily"),
            LocalAs: spec.Asn("localASN"),
            BfdProfile: spec.Text("bfdProfile") is { Length: > 0 } profile ? profile : null,
            Vrf: spec.Text("vrf") is { Length: > 0 } vrf ? vrf : null);
        return local is null || remote is null ? null : peer with { Range = range };
    }

    private static (Core.Addressing.Address? Address, string? Interface) Endpoint(FieldReader spec, bool isRange)
    {
        var hasAddress = spec.Text("peerAddress") is { Length: > 0 };
        var address = spec.Address("peerAddress");
        var device = spec.Text("interface") is { Length: > 0 } name ? name : null;
        if (hasAddress && device is not null) spec.Error("interface", "peer has both Address and Interface specified; give one of them.");
        if (isRange && (hasAddress || device is not null))
            spec.Error("listenRange", "names neighbours that connect, and peerAddress or interface one router; give one of them.");
        else if (!isRange && !hasAddress && device is null) spec.Error("peerAddress", "peer has no Address or Interface specified; give one of them.");
        return (address, device);
    }
}
