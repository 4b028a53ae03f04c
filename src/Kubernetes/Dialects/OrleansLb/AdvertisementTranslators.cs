using OrleansLb.Kubernetes.Dialects.Fields;
using OrleansLb.Kubernetes.Dialects.MetalLb;

namespace OrleansLb.Kubernetes.Dialects.OrleansLb;

/// <summary>Translates our own <c>L2Advertisement</c>.</summary>
internal static class Layer2AdvertisementTranslator
{
    public static Translation Translate(ConfigurationObject source, TranslationContext context) =>
        Layer2Translator.Translate(source, "addressPools", "addressPoolSelectors");
}

/// <summary>Translates our own <c>BGPAdvertisement</c>: the rival's fields, a MED, and weights.</summary>
internal static class BgpTranslator
{
    public static Translation Translate(ConfigurationObject source, TranslationContext context)
    {
        var spec = SpecReader.Open(source);
        var advertisement = BgpAdvertisementTranslator.Read(source, spec, "addressPools", "addressPoolSelectors") with
        {
            Med = (uint?)spec.Number("med", 0, uint.MaxValue),
            WeightByEndpoints = spec.Flag("weightByEndpoints"),
        };
        spec.End();
        return spec.Problems.Conclude(() => [advertisement]);
    }
}
