using OrleansLb.Kubernetes.Client.Access;

namespace OrleansLb.Kubernetes.Tests.Client;

public sealed class RoleAdviceTests
{
    [Fact]
    public void Rights_that_are_missing_are_rules_to_add_one_for_each_resource() => Assert.Equal(
        "add to the Role of its service account in namespace lb the rule {apiGroups: [\"\"], resources: [pods], verbs: [get, watch]}; "
        + "add to the ClusterRole of its service account the rule {apiGroups: [\"orleanslb.io\"], resources: [addressclaims], verbs: [create]}",
        RoleAdvice.Of([new("get", "", "pods", "lb"), new("create", "orleanslb.io", "addressclaims"), new("watch", "", "pods", "lb")]));
}
