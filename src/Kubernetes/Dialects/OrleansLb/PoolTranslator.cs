using OrleansLb.Core;
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
            Order = Enum.Parse<AddressOrder>(spec.Choice("order", Enum.GetNames<AddressOrder>())),
            Quota = Quota(spec.Object("quota")),
            Draining = spec.Flag("draining"),
            Reallocates = spec.Choice("whenOutside", "Keep", "Reallocate") == "Reallocate",
            Retention = Longer(spec, "retention"),
            SharedAcrossNamespaces = spec.Choice("sharing", "AcrossNamespaces", "WithinNamespace") == "AcrossNamespaces",
        };
        spec.End();
        return spec.Problems.Conclude(() => [pool]);
    }

    private static ConflictRule Conflicts(FieldReader conflicts)
    {
        var rule = new ConflictRule(
            conflicts.Flag("probe", otherwise: ConflictRule.Default.Probe),
            conflicts.Choice("whenInUse", "Keep", "Move") == "Move",
            Longer(conflicts, "quarantine") ?? ConflictRule.Default.Quarantine);
        conflicts.End();
        return rule;
    }

    private static PoolQuota Quota(FieldReader quota)
    {
        var named = new List<NamespaceQuota>();
        foreach (var item in quota.Objects("namespaces"))
        {
            var entry = new NamespaceQuota(item.RequiredText("name") ?? "", item.Count("addresses") ?? 0);
            if (named.Exists(other => other.Namespace == entry.Namespace))
                item.Error("name", $"namespace '{entry.Namespace}' is in the list twice; remove one.");
            if (!item.Has("addresses")) item.Missing<object>("addresses");
            item.End();
            named.Add(entry);
        }
        var each = quota.Count("addressesPerNamespace");
        quota.End();
        return new(each, named.ToEquatableList());
    }

    /// <summary>A length of time that is more than nothing.</summary>
    private static TimeSpan? Longer(FieldReader fields, string name)
    {
        var duration = fields.Duration(name);
        if (duration <= TimeSpan.Zero) fields.Error(name, "must be longer than nothing, such as 10m; leave it out otherwise.");
        return duration;
    }
}
