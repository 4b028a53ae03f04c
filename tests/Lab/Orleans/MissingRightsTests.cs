using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Lab.Tests.Orleans;

/// <summary>What an operator reads whose role lacks a rule.</summary>
public sealed class MissingRightsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("watch", "pods", "{apiGroups: [\"\"], resources: [pods], verbs: [watch]}")]
    [InlineData("patch", "siloclusters", "{apiGroups: [\"orleanslb.io\"], resources: [siloclusters], verbs: [patch]}")]
    public async Task Without_a_right_of_membership_the_process_ends_at_once_and_names_the_rule_to_add(string verb, string resource, string rule)
    {
        await using var cluster = await SiloCluster.Start(new LackingRole(verb, resource), Stop);
        await using var node = await cluster.Begin("node1");
        Assert.Equal(1, await node.End(Stop));
        Assert.Contains($"add to the Role of its service account in namespace default the rule {rule}; deploy/base/rbac.yaml has them all.", node.Errors,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("watch", "endpointslices", "{apiGroups: [\"discovery.k8s.io\"], resources: [endpointslices], verbs: [watch]}")]
    [InlineData("create", "addressclaims", "{apiGroups: [\"orleanslb.io\"], resources: [addressclaims], verbs: [create]}")]
    [InlineData("patch", "services/status", "{apiGroups: [\"\"], resources: [services/status], verbs: [patch]}")]
    public async Task Any_other_right_is_named_where_it_is_needed_and_has_its_effect_as_soon_as_it_is_given(string verb, string resource, string rule)
    {
        var role = new LackingRole(verb, resource);
        await using var cluster = await SiloCluster.Start(role, Stop, "node1");
        await cluster.CreateService("a");
        var advice = $"add to the ClusterRole of its service account the rule {rule}";
        await Eventually.See(advice, () => Task.FromResult(cluster.Node("node1").Errors.Contains(advice, StringComparison.Ordinal) ? cluster : null),
            () => Task.FromResult(cluster.Node("node1").Errors), Stop);
        role.Grant();
        await Eventually.See("default/a has its address in its status", async () => (await AddressOf(cluster, "a")).Length > 0 ? cluster : null,
            () => Task.FromResult(cluster.Node("node1").Errors), Stop, TimeSpan.FromSeconds(60));
    }

    private static async Task<string> AddressOf(SiloCluster cluster, string service) =>
        (await cluster.Kubectl($"get service {service} -o jsonpath={{.status.loadBalancer.ingress[0].ip}}", Stop)).Succeeded().Output;
}
