using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Dialects.Fields;

namespace OrleansLb.Kubernetes.Dialects.MetalLbConfigMap;

/// <summary>Translates <c>address-pools</c>: each is a pool, and the advertisement that its protocol means.</summary>
internal static class PoolTranslator
{
    public static List<Declaration> Read(ConfigurationObject source, FieldReader config)
    {
        var declared = new List<Declaration>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in config.Objects("address-pools"))
        {
            var name = item.Text("name") ?? "";
            if (name.Length == 0) item.Error("name", "missing pool name; give it one.");
            else if (!names.Add(name)) item.Error("name", $"duplicate definition of pool '{name}'; give each pool a name of its own.");
            declared.Add(Pool(source, item, name));
            declared.AddRange(Advertisements(source, item, name));
            item.End();
        }
        return declared;
    }

    private static AddressPool Pool(ConfigurationObject source, FieldReader item, string name) => new(
        source.Reference,
        source.Created,
        new(name),
        item.Ranges("addresses", allowSingle: false),
        Labels.None,
        PoolScope.Everyone,
        item.Flag("auto-assign", otherwise: true),
        AvoidBuggyAddresses: item.Flag("avoid-buggy-ips"));

    private static List<Declaration> Advertisements(ConfigurationObject source, FieldReader item, string pool)
    {
        var bgp = item.Objects("bgp-advertisements").Select((advertisement, i) => Bgp(source, advertisement, pool, i)).ToList();
        switch (item.Text("protocol"))
        {
            case "layer2":
                if (bgp.Count > 0)
                {
                    item.Error("bgp-advertisements",
                        "cannot have bgp-advertisements configuration element in a layer2 address pool; remove it, or set protocol: bgp.");
                }
                return [new Layer2Advertisement(source.Reference, source.Created, pool, [new(pool)], [], [], [], [], [])];
            case "bgp":
                return bgp.Count > 0
                    ? [.. bgp]
                    : [new BgpAdvertisement(source.Reference, source.Created, pool, [new(pool)], [], [], [], [], 32, 128, null, [])];
            case null or "":
                item.Error("protocol", "address pool is missing the protocol; set layer2 or bgp.");
                return [];
            case var other:
                item.Error("protocol", $"unknown protocol '{other}'; set layer2 or bgp.");
                return [];
        }
    }

    private static BgpAdvertisement Bgp(ConfigurationObject source, FieldReader item, string pool, int index)
    {
        var advertisement = new BgpAdvertisement(
            source.Reference, source.Created, index == 0 ? pool : $"{pool}-{index + 1}", [new(pool)], [], [], [], [],
            (int)(item.Number("aggregation-length", 1, 32) ?? 32),
            (int)(item.Number("aggregation-length-v6", 1, 128) ?? 128),
            (uint?)item.Number("localpref", 0, uint.MaxValue),
            item.Communities("communities"));
        item.End();
        return advertisement;
    }
}
