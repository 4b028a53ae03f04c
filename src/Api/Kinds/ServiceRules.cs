using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Services;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Kinds;

/// <summary>Services get their defaults, cluster addresses and node ports, and lose what belongs to a type that they leave.</summary>
internal sealed class ServiceRules : KindRules
{
    public override NameRule Names => NameRule.ServiceLabel;

    public override IReadOnlyCollection<string> FieldPaths => ["spec.type", "spec.clusterIP"];

    public override IEnumerable<KeyValuePair<string, string>> SelectableFields(JsonObject tree) =>
    [
        KeyValuePair.Create("spec.type", tree.Object("spec").Text("type") ?? ""),
        KeyValuePair.Create("spec.clusterIP", tree.Object("spec").Text("clusterIP") ?? ""),
    ];

    public override IEnumerable<string> Claims(JsonObject tree) => ServiceClaims.Of(new ServiceSpec(tree.Object("spec") ?? []));

    public override void Prepare(KindContext context, JsonObject tree, JsonObject? old)
    {
        var spec = new ServiceSpec(tree.Ensure("spec"));
        var before = old?.Object("spec") is { } oldSpec ? new ServiceSpec(oldSpec) : null;
        var status = tree.Ensure("status");
        if (before is null) tree["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
        else ServiceTransitions.Carry(before, spec);
        if (before?.IsLoadBalancer == true && !spec.IsLoadBalancer) status["loadBalancer"] = new JsonObject();
        ServiceDefaults.Apply(spec);
        if (ServiceChecks.Shape(spec).Any()) return; // it will be refused: nothing is allocated for it
        ServiceAddresses.Allocate(context, tree, spec);
        ServicePorts.Allocate(context, tree, spec);
    }

    public override void PrepareStatus(KindContext context, JsonObject tree, JsonObject old)
    {
        foreach (var ingress in tree.Object("status").Object("loadBalancer").Objects("ingress"))
            if (ingress.Text("ip") is { Length: > 0 }) ingress.SetDefault("ipMode", "VIP");
    }

    public override IEnumerable<FieldError> Validate(KindContext context, JsonObject tree, JsonObject? old)
    {
        var spec = new ServiceSpec(tree.Object("spec") ?? []);
        return ServiceChecks.Shape(spec)
            .Concat(old?.Object("spec") is { } before ? ServiceTransitions.Errors(new ServiceSpec(before), spec) : [])
            .Concat(ServiceClaims.Conflicts(context, tree, spec))
            .Concat(ServiceStatusChecks.Validate(tree, spec));
    }
}
