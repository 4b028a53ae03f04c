using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Dialects.Fields;

namespace OrleansLb.Kubernetes.Dialects.MetalLb;

/// <summary>Translates <c>L2Advertisement</c> of metallb.io/v1beta1.</summary>
internal static class Layer2Translator
{
    public static Translation Translate(ConfigurationObject source, TranslationContext context) =>
        Translate(source, "ipAddressPools", "ipAddressPoolSelectors");

    private static Translation Translate(ConfigurationObject source, string pools, string poolSelectors)
    {
        var spec = SpecReader.Open(source);
        var advertisement = Read(source, spec, pools, poolSelectors);
        spec.End();
        return spec.Problems.Conclude(() => [advertisement]);
    }

    /// <summary>The fields that our dialect has as well.</summary>
    public static Layer2Advertisement Read(ConfigurationObject source, FieldReader spec, string pools, string poolSelectors)
    {
        var scope = AdvertisementScope.Read(spec, pools, poolSelectors);
        var preferred = spec.PreferredNodes();
        var interfaces = spec.Interfaces("interfaces");
        return new(source.Reference, source.Created, source.Reference.Name, scope.Pools, scope.PoolSelectors, scope.NodeSelectors, preferred,
            scope.ServiceSelectors, interfaces);
    }
}
