using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Dialects.Fields;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Kubernetes.Dialects.MetalLbConfigMap;

/// <summary>Translates the ConfigMap that configured MetalLB up to 0.12: all of it stands in the text under the key <c>config</c>.</summary>
internal static class ConfigMapTranslator
{
    private const string Path = "data.config";

    private static readonly MetalLb.BfdProfileTranslator.Spelling BfdSpelling =
        new("receive-interval", "transmit-interval", "detect-multiplier", "echo-interval", "echo-mode", "passive-mode", "minimum-ttl");

    /// <summary>Whether a ConfigMap is the one, by MetalLB's manifest or its chart; others are none of our business.</summary>
    public static bool IsConfiguration(ObjectReference reference) =>
        reference is { ApiVersion: "v1", Kind: "ConfigMap", Namespace: "metallb-system" or "" } && (IsOfManifest(reference.Name) || IsOfChart(reference.Name));

    private static bool IsOfManifest(string name) => name is "config" or "metallb-config";

    /// <summary>The chart names it after the release, with its own name unless the release has that in its name.</summary>
    private static bool IsOfChart(string name) => name == "metallb" || name.EndsWith("-metallb", StringComparison.Ordinal);

    public static Translation Translate(ConfigurationObject source, TranslationContext context)
    {
        var problems = new ProblemLog(source.Reference);
        var text = (source.Root["data"] as Mapping)?.Text("config");
        if (text is null)
        {
            if (IsOfManifest(source.Reference.Name)) problems.Error(Path, "is missing; MetalLB's configuration stands as text under this key.");
            return problems.Conclude(() => []);
        }
        switch (YamlNodes.ReadDocument(text))
        {
            case DocumentResult.Loaded { Root: Mapping root }:
                return Translate(source, new FieldReader(root, Path, problems) { NumbersAreText = true });
            case DocumentResult.Malformed broken:
                problems.Error(Path, $"line {broken.Line} of the text: {broken.Fault}");
                break;
            case DocumentResult.Loaded { Root: Scalar { Kind: ScalarKind.Null } }:
                break;
            default:
                problems.Error(Path, "must be an object with address-pools and the like.");
                break;
        }
        return problems.Conclude(() => []);
    }

    private static Translation Translate(ConfigurationObject source, FieldReader config)
    {
        var pools = PoolTranslator.Read(source, config);
        var peers = PeerTranslator.Read(source, config);
        var communities = Communities(source, config);
        var profiles = BfdProfiles(source, config);
        config.End();
        return config.Problems.Conclude(() => [.. pools, .. peers, .. communities, .. profiles]);
    }

    private static List<CommunityAlias> Communities(ConfigurationObject source, FieldReader config) =>
    [
        .. config.Map("bgp-communities")
            .Select(alias => (alias.Key, Value: config.CommunityValue($"bgp-communities.{alias.Key}", alias.Value)))
            .Where(alias => alias.Value is not null)
            .Select(alias => new CommunityAlias(source.Reference, source.Created, alias.Key, alias.Value!)),
    ];

    private static List<BfdProfile> BfdProfiles(ConfigurationObject source, FieldReader config)
    {
        var profiles = new List<BfdProfile>();
        foreach (var item in config.Objects("bfd-profiles"))
        {
            var name = item.RequiredText("name") ?? "";
            if (profiles.Exists(profile => profile.Name == name))
            {
                config.Problems.Error(item.At("name"), $"found duplicate bfd profile name '{name}'; give each name once.");
            }
            profiles.Add(MetalLb.BfdProfileTranslator.Read(source, name, item, BfdSpelling));
            item.End();
        }
        return profiles;
    }
}
