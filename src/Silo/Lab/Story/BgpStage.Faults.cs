using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Lab.Network;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>The part of the BGP story in which nodes die and speakers restart, while a client goes on asking.</summary>
internal sealed partial class BgpStage
{
    /// <summary>Requests that have to pass before and after what is tried.</summary>
    private const int SomeRequests = 20;

    /// <summary>A node's speaker dies without a word: the router drops its routes, and requests go to the others.</summary>
    public async Task KillNode(CancellationToken cancellation)
    {
        var (killed, others) = (network.Plan.Nodes[^1], network.Plan.Nodes.Take(network.Plan.Nodes.Count - 1).ToList());
        narrator.Step($"Killing {killed.Name}");
        var requests = await BeginRequests(cancellation);
        var killedAt = time.GetTimestamp();
        await service.Speakers.Kill(new(killed.Name));
        narrator.Say("its speaker is gone without a goodbye");
        await ExpectRoutesFrom(others, cancellation);
        var gone = LabStage.Round(time.GetElapsedTime(killedAt).TotalMilliseconds);
        narrator.Seen($"the router has no route to {killed.Name} any more: seen after {gone:0.0} ms");
        await ExpectNextHopsOf(others, cancellation);
        _death = new(killed.Name, gone, await EndRequests(requests, cancellation));
    }

    /// <summary>The node that was killed is back, and so are its routes.</summary>
    public async Task ReturnNode(CancellationToken cancellation)
    {
        var node = network.Plan.Nodes[^1];
        narrator.Step($"Bringing {node.Name} back");
        var returned = time.GetTimestamp();
        service.StartSpeaker(new(node.Name));
        await ExpectRoutesFrom([.. network.Plan.Nodes], cancellation);
        narrator.Seen($"its routes are back after {time.GetElapsedTime(returned).TotalMilliseconds:0} ms");
    }

    /// <summary>A speaker stops and starts again, as for an upgrade. The router keeps its routes meanwhile (RFC 4724), and nobody loses a request.</summary>
    public async Task RestartGracefully(CancellationToken cancellation)
    {
        var node = network.Plan.Nodes[0];
        narrator.Step($"Restarting the speaker of {node.Name}, which has agreed on graceful restart with the router");
        var requests = await BeginRequests(cancellation);
        var left = time.GetTimestamp();
        await service.Speakers.Leave(new(node.Name), cancellation);
        await Eventually.See($"the router without a session with {node.Name}", () => AtRouter(node, up: false), () => Task.FromResult("it has one"),
            cancellation);
        var kept = (await Router.Routes(cancellation)).Count(route => route.NextHop == LabPlan.RoutedAddressOf(node));
        if (kept == 0) throw new UnexpectedException($"the routes to {node.Name} kept while its speaker restarts", "the router has dropped them");
        narrator.Seen($"the session is down, and the router keeps the {kept} routes to {node.Name}");
        await ExpectNextHopsOf(network.Plan.Nodes, cancellation);
        if (requests is not null) await Pass(requests, cancellation);
        service.StartSpeaker(new(node.Name));
        await Eventually.See($"the session with {node.Name} established again", () => AtRouter(node, up: true), () => Describe(node), cancellation,
            RouterPatience);
        var away = LabStage.Round(time.GetElapsedTime(left).TotalMilliseconds);
        await ExpectRoutesFrom([.. network.Plan.Nodes], cancellation);
        narrator.Seen($"the session is back after {away:0} ms, with the same routes");
        _restart = new(node.Name, away, RoutesKept: true, await EndRequests(requests, cancellation));
    }

    private async Task<RequestStream?> BeginRequests(CancellationToken cancellation)
    {
        if (Router.KernelProtocol is null) return null;
        var requests = RequestStream.Start(network, await AnyAddress(), cancellation);
        await Pass(requests, cancellation);
        return requests;
    }

    private async Task<RequestCount?> EndRequests(RequestStream? requests, CancellationToken cancellation)
    {
        if (requests is null) return null;
        await Pass(requests, cancellation);
        var count = await requests.Stop();
        if (count.Lost > 0) throw new UnexpectedException("no request lost", $"{count}");
        narrator.Seen($"the client went on asking: {count}");
        return count;
    }

    private static async Task Pass(RequestStream requests, CancellationToken cancellation)
    {
        var enough = requests.Made + SomeRequests;
        await Eventually.See($"{SomeRequests} more requests", () => Task.FromResult(requests.Made >= enough ? requests : null),
            () => Task.FromResult($"{requests.Made} so far"), cancellation);
    }

    private async Task ExpectNextHopsOf(IReadOnlyList<LabMachine> nodes, CancellationToken cancellation)
    {
        if (Router.KernelProtocol is not { } protocol) return;
        var address = await AnyAddress();
        await ExpectNextHops(new Prefix(address, address.Bits), nodes, protocol, cancellation);
    }
}
