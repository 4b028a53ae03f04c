using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Dialects.Fields;

namespace OrleansLb.Kubernetes.Dialects.OrleansLb;

/// <summary>Translates our own <c>AddressQuota</c>.</summary>
internal static class QuotaTranslator
{
    public static Translation Translate(ConfigurationObject source, TranslationContext context)
    {
        var spec = SpecReader.Open(source);
        if (!spec.Has("addresses")) spec.Missing<object>("addresses");
        var quota = new AddressQuota(
            source.Reference,
            source.Created,
            source.Reference.Name,
            spec.Count("addresses") ?? 0,
            spec.DistinctTexts("namespaces"),
            spec.Selectors("namespaceSelectors"));
        spec.End();
        return spec.Problems.Conclude(() => [quota]);
    }
}
