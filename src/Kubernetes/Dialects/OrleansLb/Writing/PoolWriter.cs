using System.Text.Json.Nodes;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Kubernetes.Dialects.OrleansLb.Writing;

/// <summary>Writes an <c>AddressPool</c> and an <c>AddressQuota</c>, as <see cref="PoolTranslator"/> and <see cref="QuotaTranslator"/> read them.</summary>
internal static class PoolWriter
{
    public static JsonObject Spec(AddressPool pool)
    {
        var spec = new JsonObject();
        spec.PutTexts("addresses", pool.Ranges.Select(range => range.ToString()));
        spec.PutFlag("autoAssign", pool.AutoAssign, otherwise: true);
        spec.PutFlag("default", pool.IsDefault);
        spec.PutFlag("avoidBuggyIPs", pool.AvoidBuggyAddresses);
        spec.PutFlag("disabled", pool.Disabled);
        spec.Put("serviceAllocation", Scope(pool.Scope));
        spec.Put("conflicts", Conflicts(pool.Conflicts));
        spec.Put("order", pool.Order == default ? null : pool.Order.ToString());
        spec.Put("quota", Quota(pool.Quota));
        spec.PutFlag("draining", pool.Draining);
        spec.Put("whenOutside", pool.Reallocates ? "Reallocate" : null);
        spec.PutDuration("retention", pool.Retention);
        spec.Put("sharing", pool.SharedAcrossNamespaces ? null : "WithinNamespace");
        return spec;
    }

    public static JsonObject Spec(AddressQuota quota)
    {
        var spec = new JsonObject { ["addresses"] = quota.Addresses };
        spec.PutTexts("namespaces", quota.Namespaces);
        spec.PutSelectors("namespaceSelectors", quota.NamespaceSelectors);
        return spec;
    }

    private static JsonObject Scope(PoolScope scope)
    {
        var allocation = new JsonObject();
        allocation.Put("priority", scope.Priority);
        allocation.PutTexts("namespaces", scope.Namespaces);
        allocation.PutSelectors("namespaceSelectors", scope.NamespaceSelectors);
        allocation.PutSelectors("serviceSelectors", scope.ServiceSelectors);
        allocation.PutFlag("enforced", scope.Enforced);
        return allocation;
    }

    private static JsonObject Conflicts(ConflictRule rule)
    {
        var conflicts = new JsonObject();
        conflicts.PutFlag("probe", rule.Probe, otherwise: ConflictRule.Default.Probe);
        conflicts.Put("whenInUse", rule.Move == ConflictRule.Default.Move ? null : rule.Move ? "Move" : "Keep");
        conflicts.PutDuration("quarantine", rule.Quarantine == ConflictRule.Default.Quarantine ? null : rule.Quarantine);
        return conflicts;
    }

    private static JsonObject Quota(PoolQuota quota)
    {
        var written = new JsonObject();
        written.Put("addressesPerNamespace", quota.PerNamespace);
        written.Put("namespaces",
            new JsonArray([.. quota.Namespaces.Select(named => new JsonObject { ["name"] = named.Namespace, ["addresses"] = named.Addresses })]));
        return written;
    }
}
