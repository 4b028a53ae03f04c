using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Dialects.Fields;

namespace OrleansLb.Kubernetes.Dialects.MetalLb;

/// <summary>Translates <c>Community</c> of metallb.io/v1beta1, whose fields our own dialect has too.</summary>
internal static class CommunityTranslator
{
    public static Translation Translate(ConfigurationObject source, TranslationContext context)
    {
        var spec = SpecReader.Open(source);
        var aliases = spec.Aliases("communities").ToList();
        spec.End();
        return spec.Problems.Conclude(() => aliases.Select(alias => new CommunityAlias(source.Reference, source.Created, alias.Name, alias.Value)));
    }
}
