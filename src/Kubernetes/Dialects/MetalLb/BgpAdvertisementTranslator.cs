using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Dialects.Fields;

namespace OrleansLb.Kubernetes.Dialects.MetalLb;

/// <summary>Translates <c>BGPAdvertisement</c> of metallb.io/v1beta1.</summary>
internal static class BgpAdvertisementTranslator
{
    public static Translation Translate(ConfigurationObject source, TranslationContext context)
    {
        var spec = SpecReader.Open(source);
        var advertisement = Read(source, spec, "ipAddressPools", "ipAddressPoolSelectors");
        spec.End();
        return spec.Problems.Conclude(() => [advertisement]);
    }

    public static BgpAdvertisement Read(ConfigurationObject source, FieldReader spec, string pools, string poolSelectors)
    {
        var scope = AdvertisementScope.Read(spec, pools, poolSelectors);
        var length = (int)(spec.Number("aggregationLength", 1, 32) ?? 32);
        var lengthV6 = (int)(spec.Number("aggregationLengthV6", 1, 128) ?? 128);
        if (scope.ServiceSelectors.Count > 0 && (length, lengthV6) != (32, 128))
        {
            spec.Error("serviceSelectors",
                "serviceSelectors and aggregationLength are mutually exclusive: an aggregate covers services that the selectors leave out.");
        }
        return new BgpAdvertisement(
            source.Reference, source.Created, source.Reference.Name, scope.Pools, scope.PoolSelectors, scope.NodeSelectors, scope.ServiceSelectors,
            spec.DistinctTexts("peers"), length, lengthV6, (uint?)spec.Number("localPref", 0, uint.MaxValue), spec.Communities("communities"));
    }
}
