using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Routers;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>Inflicts faults on nodes that peer with the router, takes them back, and holds what the router and its clients saw against what must be.</summary>
/// <param name="report">Gets what was measured of each, also when it was not as it must be.</param>
internal sealed class RouterTrial(RouterStage stage, Action<RouterFault> report)
{
    private readonly TimeProvider _time = stage.Time;

    /// <summary>A fault after which the router must not send to the node any more.</summary>
    /// <param name="bound">How soon.</param>
    /// <param name="takeBack">Ends the fault; the node's routes come back.</param>
    /// <param name="mayLose">Requests are lost until then.</param>
    public async Task Lose(string fault, LabMachine node, TimeSpan bound, Func<Task> inflict, Func<Task> takeBack, CancellationToken cancellation,
        bool mayLose = false)
    {
        var (hop, routes) = (LabPlan.RoutedAddressOf(node), stage.AnnouncedBy(node).Count());
        var requests = await RoutedRequests.Start(stage.Cluster.Network, Asked(), _time, cancellation);
        var since = _time.GetTimestamp();
        await inflict();
        var gone = await stage.Routes(hop, 0, since, cancellation);
        await stage.ExpectTable(cancellation, without: node);
        await requests.PassSome(cancellation);
        var returning = _time.GetTimestamp();
        await takeBack();
        await stage.Cluster.Members(stage.Cluster.Nodes, cancellation);
        await stage.ExpectTable(cancellation);
        var back = await stage.Routes(hop, stage.AnnouncedBy(node).Count(), returning, cancellation);
        var found =
            await End(node, new(fault, node.Name, routes, Elapsed(since, gone), Elapsed(returning, back), 0, 0, RequestCount.Sum([])), since, requests,
                cancellation);
        if (_time.GetElapsedTime(since, gone) is var took && took > bound)
            throw new UnexpectedException($"the router sends nothing to {node.Name} any more after {bound.TotalMilliseconds:0} ms",
                $"it took {took.TotalMilliseconds:0} ms");
        if (!mayLose) ExpectNoLoss(found);
        else if (found.RecoveredMs > (bound + RequestStream.Patience).TotalMilliseconds)
            throw new UnexpectedException($"requests are answered again after {bound.TotalMilliseconds:0} ms",
                $"the last was lost after {found.RecoveredMs:0} ms");
    }

    /// <summary>A fault of which the router's table must show nothing.</summary>
    public async Task Keep(string fault, LabMachine node, Func<Task> inflict, Func<Task> takeBack, CancellationToken cancellation)
    {
        var routes = stage.AnnouncedBy(node).Count();
        var requests = await RoutedRequests.Start(stage.Cluster.Network, Asked(), _time, cancellation);
        var since = _time.GetTimestamp();
        await inflict();
        await requests.PassSome(cancellation);
        await takeBack();
        await stage.Session(node, cancellation);
        await stage.Cluster.Members(stage.Cluster.Nodes, cancellation);
        var found = await End(node, new(fault, node.Name, routes, null, null, 0, 0, RequestCount.Sum([])), since, requests, cancellation);
        await stage.ExpectTable(cancellation);
        if (stage.History.Since(since).FirstOrDefault() is { } change)
            throw new UnexpectedException("the router's table does not change", $"{change.Prefix} led to {string.Join(", ", change.NextHops)} "
                + $"{Elapsed(since, change.At):0} ms after the fault");
        ExpectNoLoss(found);
    }

    /// <summary>Services that are asked: of the policy Cluster two, and of Local one that each node has an endpoint of.</summary>
    private IEnumerable<RoutedService> Asked() =>
        [.. stage.Services.Where(service => !service.IsLocal).Take(2),
            .. stage.Services.Where(service => service.IsLocal).Take(stage.Cluster.Network.Plan.Nodes.Count)];

    private async Task<RouterFault> End(LabMachine node, RouterFault fault, long since, RoutedRequests requests, CancellationToken cancellation)
    {
        await requests.PassSome(cancellation);
        var (count, recovered) = await requests.Stop(since);
        var gaps = stage.History.Gaps(stage.Beside(node).Select(service => service.Prefix), since);
        var found = fault with { Bare = gaps.Count, RecoveredMs = recovered, Requests = count };
        report(found);
        stage.Narrator.Seen(found.GoneMs is { } gone
            ? $"the router sent nothing to {fault.Node} any more after {gone:0} ms; its {fault.Routes} routes were back {found.BackMs:0} ms "
                + "after the fault was taken back"
            : $"the router went on to send to {fault.Node}, whose {fault.Routes} routes it kept");
        stage.Narrator.Say($"{count}{(recovered > 0 ? $"; the last was lost {recovered:0} ms after the fault" : "")}");
        if (gaps is [var gap, ..])
            throw new UnexpectedException("no prefix is ever without a next hop", $"{gap.Prefix} was, {Elapsed(since, gap.From):0} ms after the fault "
                + $"{(gap.To is { } to ? $"for {Elapsed(gap.From, to):0} ms" : "and still is")}, and {gaps.Count - 1} more");
        return found;
    }

    private static void ExpectNoLoss(RouterFault found)
    {
        if (found.Requests.Lost > 0) throw new UnexpectedException("no request is lost", $"{found.Requests}");
    }

    private double Elapsed(long from, long to) => LabStage.Round(_time.GetElapsedTime(from, to).TotalMilliseconds);
}
