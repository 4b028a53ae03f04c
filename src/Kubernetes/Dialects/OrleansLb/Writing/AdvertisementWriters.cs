using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Routes;

namespace OrleansLb.Kubernetes.Dialects.OrleansLb.Writing;

/// <summary>Writes <c>L2Advertisement</c>, <c>BGPAdvertisement</c> and <c>Community</c>.</summary>
internal static class AdvertisementWriters
{
    private const int WholeIPv4 = 32, WholeIPv6 = 128;

    public static JsonObject Spec(Layer2Advertisement advertisement)
    {
        var spec = Scope(advertisement.Pools, advertisement.PoolSelectors, advertisement.NodeSelectors, advertisement.ServiceSelectors);
        spec.Put("preferredNodeSelectors", new JsonArray([.. advertisement.PreferredNodes.Select(Preferred)]));
        spec.PutTexts("interfaces",
            advertisement.Interfaces.Where(selector => selector is not InterfaceSelector.Except).Select(selector => selector.ToString()!));
        spec.PutTexts("excludeInterfaces", advertisement.Interfaces.OfType<InterfaceSelector.Except>().Select(except => except.Excluded.ToString()!));
        if (advertisement.Style is { Bearer: not AddressBearer.Speaker } borne) spec["bearer"] = Enum.GetName(borne.Bearer);
        spec.PutFlag("spread", advertisement.Style?.Spread == true);
        spec.PutFlag("virtualMac", advertisement.Style?.VirtualMac == true);
        if (advertisement.Style?.OnConflict is { } policy) spec["onConflict"] = Enum.GetName(policy);
        return spec;
    }

    public static JsonObject Spec(BgpAdvertisement advertisement)
    {
        var spec = Scope(advertisement.Pools, advertisement.PoolSelectors, advertisement.NodeSelectors, advertisement.ServiceSelectors);
        spec.PutTexts("peers", advertisement.Peers);
        spec.Put("aggregationLength", advertisement.AggregationLength == WholeIPv4 ? null : advertisement.AggregationLength);
        spec.Put("aggregationLengthV6", advertisement.AggregationLengthV6 == WholeIPv6 ? null : advertisement.AggregationLengthV6);
        spec.Put("localPref", advertisement.LocalPref);
        spec.PutTexts("communities", advertisement.Communities.Select(CommunityNames.Text));
        spec.Put("med", advertisement.Med);
        spec.PutFlag("weightByEndpoints", advertisement.WeightByEndpoints);
        return spec;
    }

    public static JsonObject Spec(IEnumerable<CommunityAlias> aliases) => new()
    {
        ["communities"] = new JsonArray([.. aliases.Select(alias => new JsonObject { ["name"] = alias.Name, ["value"] = CommunityNames.Text(alias.Value) })]),
    };

    private static JsonObject Scope(EquatableList<PoolName> pools, EquatableList<LabelSelector> poolSelectors, EquatableList<LabelSelector> nodes,
        EquatableList<LabelSelector> services)
    {
        var spec = new JsonObject();
        spec.PutTexts("addressPools", pools.Select(pool => pool.Value));
        spec.PutSelectors("addressPoolSelectors", poolSelectors);
        spec.PutSelectors("nodeSelectors", nodes);
        spec.PutSelectors("serviceSelectors", services);
        return spec;
    }

    private static JsonNode Preferred(PreferredNodes preferred) =>
        new JsonObject { ["weight"] = preferred.Weight, ["preference"] = Fields.Selector(preferred.Selector) };
}
