using System.Text.Json.Nodes;
using OrleansLb.Core.Addressing;

namespace OrleansLb.Silo.Lab.Network;

/// <summary>The part with a router: it stands on the segment, and the client's second interface is behind it.</summary>
internal sealed partial class NamespaceNetwork
{
    public const string RouterName = "router";

    /// <summary>The client's interface towards the router, and the router's towards the client.</summary>
    private const string FarInterface = "eth1";

    private const int RouterHost = 1, ClientHost = 2;

    private static readonly Address RouterFar = Host(LabPlan.BehindRouter, RouterHost), ClientFar = Host(LabPlan.BehindRouter, ClientHost);

    /// <summary>Adds the router. What it learns decides where the client's packets for services go; nodes answer through it.</summary>
    public async Task AddRouter(CancellationToken cancellation)
    {
        var (router, client) = (_names.Of(RouterName), _names.Of(Plan.Client.Name));
        await IpCommand.Batch(null, [$"netns add {router}"], cancellation);
        ScopeOf(RouterName).Run(() =>
        {
            File.WriteAllText("/proc/sys/net/ipv4/ip_forward", "1");
            File.WriteAllText("/proc/sys/net/ipv4/fib_multipath_hash_policy", "1"); // by connection, not by pair of addresses
            return true;
        });
        await IpCommand.Batch(_names.Switch,
            [$"link add {RouterName} type veth peer name {LabPlan.Interface} netns {router}", $"link set {RouterName} master br0 up"], cancellation);
        await IpCommand.Batch(router,
        [
            "link set lo up",
            $"address add {LabPlan.Router}/{LabPlan.RoutedSubnet.Length} dev {LabPlan.Interface}", $"link set {LabPlan.Interface} up",
            $"link add {FarInterface} type veth peer name {FarInterface} netns {client}",
            $"address add {RouterFar}/{LabPlan.BehindRouter.Length} dev {FarInterface}", $"link set {FarInterface} up",
        ], cancellation);
        await IpCommand.Batch(client,
            [$"address add {ClientFar}/{LabPlan.BehindRouter.Length} dev {FarInterface}", $"link set {FarInterface} up",
                $"route add {LabPlan.RoutedServices} via {RouterFar}"], cancellation);
        foreach (var node in Plan.Nodes) await IpCommand.Run(_names.Of(node.Name), $"route add {LabPlan.BehindRouter} via {LabPlan.Router}", cancellation);
    }

    /// <summary>The next hops that the router's kernel has for the prefix from a routing daemon.</summary>
    /// <param name="protocol">Under which name the kernel keeps that daemon's routes.</param>
    public async Task<IReadOnlyList<Address>> NextHops(Prefix prefix, string protocol, CancellationToken cancellation)
    {
        var routes = JsonNode.Parse(await IpCommand.Ask(_names.Of(RouterName), ["-json", "route", "show", "exact", $"{prefix}", "proto", protocol],
            cancellation))?.AsArray() ?? [];
        return [.. routes.SelectMany(route => route!["nexthops"]?.AsArray().ToArray() ?? [route]).Select(hop => Address.Parse((string)hop!["gateway"]!))
            .Order()];
    }

    private static Address Host(Prefix subnet, int host) => subnet.Network with { Value = subnet.Network.Value + (uint)host };
}
