using OrleansLb.Core.Configuration;
using OrleansLb.Kubernetes.Dialects.Fields;

namespace OrleansLb.Kubernetes.Dialects.OrleansLb;

/// <summary>Translates our own <c>AddressPool</c>.</summary>
internal static class PoolTranslator
{
    public static Translation Translate(ConfigurationObject source, TranslationContext context)
    {
        var spec = SpecReader.Open(source);
        var pool = new AddressPool(
            source.Reference,
            source.Created,
            new(source.Reference.Name),
            spec.Ranges("addresses", allowSingle: true),
            source.Labels,
            spec.PoolScope(isOurs: true),
            spec.Flag("autoAssign", otherwise: true),
            spec.Flag("default"),
            spec.Flag("avoidBuggyIPs"),
            spec.Flag("disabled"))
        {
            Conflicts = Conflicts(spec.Object("conflicts")),
        };
        spec.End();
        return spec.Problems.Conclude(() => [pool]);
    }

    private static ConflictRule Conflicts(FieldReader conflicts)
    {
        var rule = new ConflictRule(
            conflicts.Flag("probe", otherwise: ConflictRule.Default.Probe),
            conflicts.Choice("whenInUse", "Keep", "Move") == "Move",
            conflicts.Duration("quarantine") ?? ConflictRule.Default.Quarantine);
        if (rule.Quarantine <= TimeSpan.Zero) conflicts.Error("quarantine", "must be longer than nothing, such as 10m.");
        conflicts.End();
        return rule;
    }
}
