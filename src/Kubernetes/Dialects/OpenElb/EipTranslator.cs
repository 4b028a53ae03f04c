using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Kubernetes.Dialects.Fields;

namespace OrleansLb.Kubernetes.Dialects.OpenElb;

/// <summary>Translates <c>Eip</c> of network.kubesphere.io/v1alpha2: a pool and the advertisement that its protocol means.</summary>
internal static class EipTranslator
{
    public static Translation Translate(ConfigurationObject source, TranslationContext context)
    {
        var spec = SpecReader.Open(source);
        var range = spec.RequiredText("address") is { } text ? spec.Range("address", text, allowSingle: true) : null;
        var protocol = Protocol(spec);
        var interfaces = Interfaces(spec, protocol);
        var scope = Scope(spec);
        var disabled = spec.Flag("disable");
        spec.NotHonoured("usingKnownIPs", "OpenELB itself never reads it; remove the field.");
        spec.End();
        var isDefault = string.Equals(source.Annotation(OpenElbKeys.DefaultPool), "true", StringComparison.OrdinalIgnoreCase);
        var name = new PoolName(source.Reference.Name);
        return spec.Problems.Conclude(() =>
        [
            new AddressPool(source.Reference, source.Created, name, [range!.Value], source.Labels, scope, AutoAssign: isDefault || scope.IsPinned,
                IsDefault: isDefault, Disabled: disabled),
            .. Advertisement(source, protocol, name, interfaces),
        ]);
    }

    private static string Protocol(FieldReader spec)
    {
        var protocol = spec.Text("protocol") is { Length: > 0 } text ? text : "bgp";
        if (protocol is not ("bgp" or "layer2" or "vip")) spec.Error("protocol", $"unknown protocol '{protocol}'; it is bgp, layer2 or vip.");
        if (protocol == "vip") spec.Warn("protocol", "is served as layer2: the node that announces the address answers ARP and NDP for it, without VRRP.");
        return protocol;
    }

    private static EquatableList<InterfaceSelector> Interfaces(FieldReader spec, string protocol)
    {
        var text = spec.Text("interface");
        if (string.IsNullOrEmpty(text))
        {
            if (protocol is "layer2" or "vip") spec.Error("interface", $"is missing; protocol {protocol} needs the name of an interface, or can_reach:IP.");
            return [];
        }
        return spec.Interface("interface", text) is { } selector ? [selector] : [];
    }

    // Bound pools are ordered by priority, of which the lowest wins and zero is the default.
    private static PoolScope Scope(FieldReader spec)
    {
        var priority = (int)(spec.Number("priority", int.MinValue, int.MaxValue) ?? 0);
        var namespaces = spec.DistinctTexts("namespaces");
        var labels = spec.Map("namespaceSelector").OrderBy(label => label.Key, StringComparer.Ordinal).ToList();
        var requirements = labels.Select(label => new LabelRequirement(label.Key, LabelOperator.In, [label.Value])).ToEquatableList();
        return new PoolScope(priority, namespaces, requirements.Count == 0 ? [] : [new LabelSelector(requirements)], []);
    }

    private static IEnumerable<Declaration> Advertisement(ConfigurationObject source, string protocol, PoolName name,
        EquatableList<InterfaceSelector> interfaces)
    {
        if (protocol != "bgp") return [new Layer2Advertisement(source.Reference, source.Created, name.Value, [name], [], [], [], [], interfaces)];
        if (source.Labels.Has(OpenElbKeys.Cni)) return [];
        return [new BgpAdvertisement(source.Reference, source.Created, name.Value, [name], [], [], [], [], 32, 128, null, [])];
    }
}
