using System.Collections.Immutable;
using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Dialects.Fields;
using OrleansLb.Kubernetes.Dialects.MetalLbConfigMap;
using OrleansLb.Kubernetes.Dialects.OpenElb;

namespace OrleansLb.Kubernetes.Dialects;

/// <summary>All kinds that configure a load balancer, in every dialect, with the translation of each.</summary>
public static class DialectCatalog
{
    private delegate Translation Translator(ConfigurationObject source, TranslationContext context);

    private static readonly ImmutableArray<(ApiResource Resource, Translator Translate)> Kinds =
    [
        Ours("addresspools", "AddressPool", OrleansLb.PoolTranslator.Translate),
        Ours("addressquotas", "AddressQuota", OrleansLb.QuotaTranslator.Translate),
        Ours("l2advertisements", "L2Advertisement", OrleansLb.Layer2AdvertisementTranslator.Translate),
        Ours("bgpadvertisements", "BGPAdvertisement", OrleansLb.BgpTranslator.Translate),
        Ours("bgppeers", "BGPPeer", OrleansLb.PeerTranslator.Translate),
        Ours("bfdprofiles", "BFDProfile", MetalLb.BfdProfileTranslator.Translate),
        Ours("communities", "Community", MetalLb.CommunityTranslator.Translate),
        Metal("v1beta1", "ipaddresspools", "IPAddressPool", MetalLb.PoolTranslator.Translate),
        Metal("v1beta1", "l2advertisements", "L2Advertisement", MetalLb.Layer2Translator.Translate),
        Metal("v1beta1", "bgpadvertisements", "BGPAdvertisement", MetalLb.BgpAdvertisementTranslator.Translate),
        Metal("v1beta2", "bgppeers", "BGPPeer", MetalLb.BgpPeerTranslator.Translate),
        Metal("v1beta1", "bgppeers", "BGPPeer", MetalLb.BgpPeerTranslator.Translate),
        Metal("v1beta1", "bfdprofiles", "BFDProfile", MetalLb.BfdProfileTranslator.Translate),
        Metal("v1beta1", "communities", "Community", MetalLb.CommunityTranslator.Translate),
        Elb("v1alpha2", "eips", "Eip", EipTranslator.Translate),
        Elb("v1alpha2", "bgpconfs", "BgpConf", BgpConfTranslator.Translate),
        Elb("v1alpha2", "bgppeers", "BgpPeer", OpenElb.BgpPeerTranslator.Translate),
        Elb("v1alpha1", "eips", "Eip", EipTranslator.Translate),
        Elb("v1alpha1", "bgpconfs", "BgpConf", BgpConfTranslator.Translate),
        Elb("v1alpha1", "bgppeers", "BgpPeer", OpenElb.BgpPeerTranslator.Translate),
    ];

    /// <summary>The kinds that are custom resources; of a kind with several versions, the preferred one comes first.</summary>
    public static ImmutableArray<ApiResource> Resources { get; } = [.. Kinds.Select(kind => kind.Resource)];

    /// <summary>Whether an object configures a load balancer at all.</summary>
    public static bool IsConfiguration(ObjectReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return ConfigMapTranslator.IsConfiguration(reference) || Find(reference) is not null;
    }

    /// <summary>The kind of a custom resource that configures us; null for any other object.</summary>
    public static ApiResource? Find(ObjectReference reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        return Resources.FirstOrDefault(resource => resource.ApiVersion == reference.ApiVersion && resource.Kind == reference.Kind);
    }

    /// <summary>What one object declares. An object of no dialect declares nothing, and that is no fault of it.</summary>
    public static Translation Translate(ConfigurationObject source, TranslationContext context)
    {
        ArgumentNullException.ThrowIfNull(source);
        var reference = source.Reference;
        if (ConfigMapTranslator.IsConfiguration(reference)) return ConfigMapTranslator.Translate(source, context);
        foreach (var (resource, translate) in Kinds)
        {
            if (resource.ApiVersion == reference.ApiVersion && resource.Kind == reference.Kind)
                return source.IsDeleting ? Closing(translate(source, context), reference) : translate(source, context);
        }
        return new Translation([], []);
    }

    /// <summary>A pool that is being deleted gives out nothing new, as with OpenELB, however long a finalizer makes that take.</summary>
    private static Translation Closing(Translation translation, ObjectReference reference)
    {
        if (!translation.Declarations.Any(declaration => declaration is AddressPool)) return translation;
        var closed = translation.Declarations.Select(declaration => declaration is AddressPool pool ? pool with { Disabled = true } : declaration);
        var waits = new Problem(reference, "metadata.deletionTimestamp", Severity.Warning,
            "is being deleted: it keeps what it gave and gives out nothing new. It is gone once its finalizers are taken off.");
        return new(closed.ToEquatableList(), [.. translation.Problems, waits]);
    }

    /// <summary>What all objects together declare. Their order does not matter: what they take from one another is read first.</summary>
    public static DeclaredConfiguration TranslateAll(IEnumerable<ConfigurationObject> sources, TranslationContext context)
    {
        var objects = sources.Where(source => IsConfiguration(source.Reference)).OrderBy(Order, StringComparer.Ordinal).ToList();
        var defaults = objects.Where(source => source.Reference.Kind == "BgpConf").Select(source => BgpConfTranslator.Read(source).Defaults)
            .FirstOrDefault(found => found is not null);
        var translations = objects.ConvertAll(source => (Source: source, Translation: Translate(source, context with { OpenElb = defaults })));
        return new DeclaredConfiguration(
            translations.SelectMany(pair => pair.Translation.Declarations).ToEquatableList(),
            translations.SelectMany(pair => pair.Translation.Problems).Concat(MetalLb.Namespaces.Problems(objects)).ToEquatableList(),
            translations.Where(pair => !pair.Translation.IsReadable).Select(pair => pair.Source.Reference).ToEquatableList());
    }

    private static string Order(ConfigurationObject source) =>
        $"{source.Reference.Kind}/{source.Reference.Namespace}/{source.Reference.Name}/{source.Reference.ApiVersion}/{source.Reference.File}";

    private static (ApiResource Resource, Translator Translate) Ours(string plural, string kind, Translator translate) =>
        (new("orleanslb.io", "v1alpha1", plural, kind, Namespaced: false), translate);

    private static (ApiResource Resource, Translator Translate) Metal(string version, string plural, string kind, Translator translate) =>
        (new("metallb.io", version, plural, kind, Namespaced: true), translate);

    private static (ApiResource Resource, Translator Translate) Elb(string version, string plural, string kind, Translator translate) =>
        (new("network.kubesphere.io", version, plural, kind, Namespaced: false), translate);
}
