using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Kubernetes.Dialects.OrleansLb.Writing;

/// <summary>Writes configuration in our own dialect, whichever it was read in: read back, it declares the same.</summary>
public static class ConfigurationWriter
{
    private const string ApiVersion = "orleanslb.io/v1alpha1";

    /// <summary>One object for each declaration, pools first; the aliases of communities that came from one object stay in one.</summary>
    public static IReadOnlyList<JsonObject> Write(IEnumerable<Declaration> declarations)
    {
        var all = declarations.ToList();
        return
        [
            .. all.OfType<AddressPool>().Select(pool => Object("AddressPool", pool.Name.Value, PoolWriter.Spec(pool), pool.Labels)),
            .. all.OfType<AddressQuota>().Select(quota => Object("AddressQuota", quota.Name, PoolWriter.Spec(quota))),
            .. all.OfType<Layer2Advertisement>()
            .Select(advertisement => Object("L2Advertisement", advertisement.Name, AdvertisementWriters.Spec(advertisement))),
            .. all.OfType<CommunityAlias>().GroupBy(alias => alias.Source.Name)
            .Select(group => Object("Community", group.Key, AdvertisementWriters.Spec(group))),
            .. all.OfType<BfdProfile>().Select(profile => Object("BFDProfile", profile.Name, PeerWriter.Spec(profile))),
            .. all.OfType<BgpPeer>().Select(peer => Object("BGPPeer", peer.Name, PeerWriter.Spec(peer))),
            .. all.OfType<BgpAdvertisement>().Select(advertisement => Object("BGPAdvertisement", advertisement.Name, AdvertisementWriters.Spec(advertisement))),
        ];
    }

    private static JsonObject Object(string kind, string name, JsonObject spec, Labels? labels = null)
    {
        var metadata = new JsonObject { ["name"] = name };
        metadata.Put("labels", new JsonObject((labels ?? Labels.None).Entries.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value))));
        return new() { ["apiVersion"] = ApiVersion, ["kind"] = kind, ["metadata"] = metadata, ["spec"] = spec };
    }
}
