using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Dialects.Fields;

namespace OrleansLb.Kubernetes.Dialects.MetalLb;

/// <summary>Translates <c>IPAddressPool</c> of metallb.io/v1beta1.</summary>
internal static class PoolTranslator
{
    public static Translation Translate(ConfigurationObject source, TranslationContext context)
    {
        var spec = SpecReader.Open(source);
        var ranges = spec.Ranges("addresses", allowSingle: false);
        var autoAssign = spec.Flag("autoAssign", otherwise: true);
        var avoidBuggy = spec.Flag("avoidBuggyIPs");
        var scope = spec.PoolScope(isOurs: false);
        spec.End();
        return spec.Problems.Conclude(() =>
            [new AddressPool(source.Reference, source.Created, new(source.Reference.Name), ranges, source.Labels, scope, autoAssign,
                AvoidBuggyAddresses: avoidBuggy)]);
    }
}
