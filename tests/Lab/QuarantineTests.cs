using OrleansLb.Core.Addressing;

namespace OrleansLb.Lab.Tests;

/// <summary>A host that is none of ours has the first address of a pool, on a real bridge, with a kernel that answers for it.</summary>
public sealed class QuarantineTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("192.168.0.91", "192.168.0.92", "IPv4", "192.168.0.91")]
    [InlineData("fd77:0:0:1::100", "fd77:0:0:1::101", "IPv6", "fd77-0-0-1-0-0-0-100")]
    public async Task An_address_that_a_foreign_host_has_is_passed_over_and_named_and_counted_until_the_host_is_gone(string taken, string next, string family,
        string claim)
    {
        await using var world = await LabWorld.Make(Stop);
        await Kubectl(world, "apply -f -", $$$"""
            apiVersion: orleanslb.io/v1alpha1
            kind: AddressPool
            metadata: {name: office}
            spec: {addresses: ["{{{taken}}}-{{{next}}}"], conflicts: {quarantine: 8s}}
            ---
            apiVersion: orleanslb.io/v1alpha1
            kind: L2Advertisement
            metadata: {name: office}
            """);
        await using (await world.Network.Intrude(Address.Parse(taken), Stop))
        {
            await Kubectl(world, "apply -f -", Service("web", family));
            await Kubectl(world, $"wait addresspool/office --for=jsonpath={{.status.quarantined{family}}}=1 --timeout=60s");
            await Kubectl(world, $"wait service/web --for=jsonpath={{.status.loadBalancer.ingress[0].ip}}={next} --timeout=60s");
            var told = await KubectlEvents.First(world.Service.Address, "reason=AddressTaken,involvedObject.name=web", Stop);
            Assert.StartsWith($"{taken} is used by another host: {world.Network.Plan.Stranger.Mac} answered for it on interface eth0 of node ", told,
                StringComparison.OrdinalIgnoreCase);
            await Kubectl(world, "wait service/web --for=condition=orleanslb.io/Announced --timeout=60s");
        }
        await Kubectl(world, $"wait addressclaim/{claim} --for=delete --timeout=60s");
        await Kubectl(world, $"wait addresspool/office --for=jsonpath={{.status.quarantined{family}}}=0 --timeout=60s");

        await Kubectl(world, "apply -f -", Service("later", family));
        await Kubectl(world, $"wait service/later --for=jsonpath={{.status.loadBalancer.ingress[0].ip}}={taken} --timeout=60s");
        await Kubectl(world, "wait service/later --for=condition=orleanslb.io/Announced --timeout=60s");
    }

    private static async Task<Tool.Result> Kubectl(LabWorld world, string arguments, string input = "") =>
        (await world.Kubectl(arguments, Stop, input)).Succeeded();

    private static string Service(string name, string family) =>
        $"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\nspec: {{type: LoadBalancer, ipFamilies: [{family}], ports: [{{port: 80}}]}}\n";
}
