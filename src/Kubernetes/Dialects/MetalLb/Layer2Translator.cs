using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Dialects.Fields;

namespace OrleansLb.Kubernetes.Dialects.MetalLb;

/// <summary>Translates <c>L2Advertisement</c> of metallb.io/v1beta1.</summary>
internal static class Layer2Translator
{
    public static Translation Translate(ConfigurationObject source, TranslationContext context) => Translate(source, "ipAddressPools", "ipAddressPoolSelectors");

    public static Translation Translate(ConfigurationObject source, string pools, string poolSelectors)
    {
        var spec = SpecReader.Open(source);
        var scope = AdvertisementScope.Read(spec, pools, poolSelectors);
        var preferred = spec.PreferredNodes();
        var interfaces = spec.Interfaces();
        spec.End();
        return spec.Problems.Conclude(() =>
        [
            new Layer2Advertisement(source.Reference, source.Created, source.Reference.Name, scope.Pools, scope.PoolSelectors, scope.NodeSelectors, preferred, scope.ServiceSelectors, interfaces),
        ]);
    }
}
