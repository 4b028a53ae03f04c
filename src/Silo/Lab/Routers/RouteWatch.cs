using System.Collections.Immutable;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Silo.Lab.Routers;

/// <summary>Hears every change of the routes that a routing daemon gives its kernel, as it happens: no moment between two looks is missed.</summary>
internal sealed class RouteWatch : IAsyncDisposable
{
    /// <summary>A route of no meaning (RFC 5737) comes and goes until the watch is heard to run.</summary>
    private static readonly string[] Marker = ["route add blackhole 192.0.2.255/32", "route delete blackhole 192.0.2.255/32"];

    private readonly TimeProvider _time;
    private readonly string _protocol;
    private readonly NamespaceProgram _monitor;
    private ImmutableList<RouteEvent> _events = [];
    private volatile bool _runs;

    private RouteWatch(string networkNamespace, string protocol, TimeProvider time)
    {
        (_protocol, _time) = (protocol, time);
        _monitor = NamespaceProgram.Start(networkNamespace, Hear, "ip", "-oneline", "-4", "monitor", "route");
    }

    public RouteHistory History => new(Volatile.Read(ref _events));

    /// <param name="networkNamespace">The router's; its routing daemon has not learned anything yet.</param>
    /// <param name="protocol">The name under which the kernel keeps the daemon's routes.</param>
    public static async Task<RouteWatch> Start(string networkNamespace, string protocol, TimeProvider time, CancellationToken cancellation)
    {
        var watch = new RouteWatch(networkNamespace, protocol, time);
        try
        {
            await Eventually.See("a change of the router's table heard", async () =>
            {
                await IpCommand.Batch(networkNamespace, Marker, cancellation);
                return watch._runs ? watch : null;
            }, () => Task.FromResult(watch._monitor.Ended ?? "nothing"), cancellation);
            return watch;
        }
        catch
        {
            await watch.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _monitor.DisposeAsync();

    private void Hear(string line)
    {
        _runs = true;
        if (RouteEvent.Read(line, _protocol, _time.GetTimestamp()) is { } change)
            ImmutableInterlocked.Update(ref _events, static (events, heard) => events.Add(heard), change);
    }
}
