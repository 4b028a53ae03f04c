using OrleansLb.Kubernetes.Dialects.Fields;
using OrleansLb.Kubernetes.Dialects.MetalLb;

namespace OrleansLb.Kubernetes.Dialects.OrleansLb;

/// <summary>
/// Translates our own <c>BGPPeer</c>: the rival's fields, any port, a TTL, GTSM (RFC 5082), waiting for the peer or for whoever of a
/// range connects, and what the session shall be like.
/// </summary>
internal static class PeerTranslator
{
    public static Translation Translate(ConfigurationObject source, TranslationContext context)
    {
        var spec = SpecReader.Open(source);
        var password = PasswordField.Read(spec, context);
        var range = ListenFields.Range(spec);
        var peer = SessionFields.Read(spec, BgpPeerTranslator.Read(source, spec, mostPort: ushort.MaxValue, range));
        var ttl = (int?)spec.Number("multihopTTL", 2, 255);
        var listening = ListenFields.Where(spec);
        var gtsm = spec.Flag("gtsm");
        var passive = spec.Flag("passive");
        if (range is not null) ListenFields.RefuseDialling(spec, peer);
        if (gtsm && (ttl ?? peer?.MultihopTtl) is not null) spec.Error("gtsm", "and a multihop peer exclude each other (RFC 5082 §3); remove one.");
        spec.End();
        return spec.Problems.Conclude(() => password.IsAwaited || peer is null
            ? []
            : [peer with { Password = password.Password, PasswordSecret = password.Secret, MultihopTtl = ttl ?? peer.MultihopTtl, Gtsm = gtsm,
                Passive = passive || range is not null, Listening = listening }]);
    }
}
