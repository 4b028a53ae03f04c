using System.Collections.Immutable;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Dialects.Fields;

namespace OrleansLb.Kubernetes.Dialects.OpenElb;

/// <summary>What the one <c>BgpConf</c> named <c>default</c> gives to every <c>BgpPeer</c>.</summary>
/// <param name="Listening">Null for the usual places.</param>
public sealed record BgpDefaults(uint? Asn, ImmutableSortedDictionary<string, uint> AsnPerRack, Address? RouterId, RestartChoice Restart,
    PeerListening? Listening);

/// <summary>Reads <c>BgpConf</c> of network.kubesphere.io/v1alpha2. It declares nothing by itself.</summary>
internal static class BgpConfTranslator
{
    public const string TheOne = StatusObject.OpenElbConf.TheOne;

    public static Translation Translate(ConfigurationObject source, TranslationContext context) => Read(source).Translation;

    public static (Translation Translation, BgpDefaults? Defaults) Read(ConfigurationObject source)
    {
        var spec = SpecReader.Open(source);
        if (source.Reference.Name != TheOne)
        {
            spec.Problems.Warn("metadata.name", $"is '{source.Reference.Name}', but only the BgpConf named '{TheOne}' is honoured; rename it.");
        }
        var defaults = new BgpDefaults(spec.Asn("as"), Racks(spec), spec.RouterId("routerId"), GracefulRestartFields.Read(spec), Listening(spec));
        if (defaults.Asn is null && !spec.Has("as") && defaults.AsnPerRack.IsEmpty)
        {
            spec.Error("as", "missing local ASN; give the number of your own autonomous system.");
        }
        spec.NotHonoured("families", "each peer's families follow from its own afiSafis.");
        spec.NotHonoured("useMultiplePaths", "no route is received of which several could be used; what a router does with ours is its own setting.");
        spec.NotHonoured("policy", "gobgp policies are not read; use the communities and the peers of a BGPAdvertisement.");
        spec.End();
        var isHonoured = !spec.Problems.HasErrors && source.Reference.Name == TheOne && !source.Labels.Has(OpenElbKeys.Cni);
        return (spec.Problems.Conclude(() => []), isHonoured ? defaults : null);
    }

    /// <summary>gobgp's port -1 is none, and its 0 the usual one.</summary>
    private static PeerListening? Listening(FieldReader spec)
    {
        var addresses = spec.Addresses("listenAddresses");
        var port = (int)(spec.Number("listenPort", -1, ushort.MaxValue) is { } given and not 0 ? given : PeerListening.UsualPort);
        return addresses.Count == 0 && port == PeerListening.UsualPort ? null : new(addresses, Math.Max(port, 0));
    }

    private static ImmutableSortedDictionary<string, uint> Racks(FieldReader spec)
    {
        var racks = spec.Object("asPerRack");
        return racks.Names
            .Select(rack => (Rack: rack, Asn: racks.Asn(rack) ?? 0))
            .Where(pair => pair.Asn != 0)
            .ToImmutableSortedDictionary(pair => pair.Rack, pair => pair.Asn, StringComparer.Ordinal);
    }
}
