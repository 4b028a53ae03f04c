using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>Clients behind the router that ask several Services at the same time, each again and again over new connections.</summary>
internal sealed class RoutedRequests
{
    /// <summary>Between two requests of a client.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Requests of each that pass before and after what is tried.</summary>
    private const int Some = 25;

    private readonly List<(RoutedService Service, RequestStream Stream)> _clients;
    private readonly TimeProvider _time;

    private RoutedRequests(ILabNetwork network, IEnumerable<RoutedService> services, TimeProvider time, CancellationToken cancellation) =>
        (_clients, _time) = ([.. services.Select(service => (service, RequestStream.Start(network, service.Address, cancellation, Pause)))], time);

    /// <summary>Begins to ask; some requests have passed when it ends.</summary>
    public static async Task<RoutedRequests> Start(ILabNetwork network, IEnumerable<RoutedService> services, TimeProvider time,
        CancellationToken cancellation)
    {
        var requests = new RoutedRequests(network, services, time, cancellation);
        await requests.PassSome(cancellation);
        return requests;
    }

    /// <summary>Waits until some more requests have come to their end.</summary>
    public async Task PassSome(CancellationToken cancellation)
    {
        foreach (var (_, stream) in _clients)
        {
            var enough = stream.Made + Some;
            await Eventually.See($"{Some} more requests", () => Task.FromResult(stream.Made >= enough ? stream : null),
                () => Task.FromResult(string.Join("; ", _clients.Select(client => client.Stream))), cancellation);
        }
    }

    /// <summary>Ends; a node that answered for a Service of policy Local without an endpoint of it is no answer.</summary>
    /// <returns>What became of all requests, and milliseconds from <paramref name="since"/> until the last lost one was given up; 0 if none was.</returns>
    public async Task<(RequestCount Count, double RecoveredMs)> Stop(long since)
    {
        var counts = await Task.WhenAll(_clients.Select(client => client.Stream.Stop()));
        foreach (var (service, count) in _clients.Select(client => client.Service).Zip(counts))
        {
            if (count.ByNode.Keys.Except(service.Endpoints.Select(node => node.Name)).FirstOrDefault() is { } stranger)
                throw new UnexpectedException($"{service.Name} is asked of nodes with endpoints of it", $"{stranger} answered");
        }
        var last = _clients.Select(client => client.Stream.LastLoss).Max();
        return (RequestCount.Sum(counts), last is { } lost ? LabStage.Round(_time.GetElapsedTime(since, lost).TotalMilliseconds) : 0);
    }
}
