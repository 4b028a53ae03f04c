using System.Net.Sockets;
using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Lab.Network;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>
/// A client that asks for one page after the other, each over a new connection, until it is stopped. A request is lost when nobody answers it. One whose
/// connection is broken, for the packets of a connection that stands, or is just being made, at the moment of a hand-over go on to a host that knows nothing of
/// it, is made once more at once, as clients do (RFC 9110 §9.2.2), and lost when that fails too.
/// </summary>
internal sealed class RequestStream
{
    /// <summary>Below the second after which TCP sends a lost SYN again (RFC 6298 §2.1): a lost packet is a lost request.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(900);

    /// <summary>Between requests: each may ask anew who has the address, and who asks more than a thousand times a second is not answered always.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly CancellationTokenSource _stopping;
    private readonly TimeSpan _pause;
    private readonly ILabNetwork _network;
    private readonly Address _address;
    private readonly Task _running;
    private readonly Dictionary<string, int> _byNode = [];
    private int _made, _lost, _answered, _broken;
    private string? _firstLoss;
    private long _lastLoss;

    private RequestStream(ILabNetwork network, Address address, TimeSpan pause, CancellationToken cancellation)
    {
        (_network, _address, _pause) = (network, address, pause);
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _running = Task.Run(Run, cancellation);
    }

    /// <summary>How many nodes have answered so far.</summary>
    public int Answered => Volatile.Read(ref _answered);

    /// <summary>How many requests have come to their end so far.</summary>
    public int Made => Volatile.Read(ref _made);

    /// <summary>When the last request that was lost was given up, by <see cref="TimeProvider.GetTimestamp"/>; null: none was.</summary>
    public long? LastLoss => Volatile.Read(ref _lastLoss) is var at and not 0 ? at : null;

    /// <summary>How it stands, in words.</summary>
    public override string ToString() => $"{_address}: {Made} requests, {Volatile.Read(ref _lost)} of them lost";

    /// <param name="pause">Between the end of a request and the next; as little as does no harm if it is not said.</param>
    public static RequestStream Start(ILabNetwork network, Address address, CancellationToken cancellation, TimeSpan? pause = null) =>
        new(network, address, pause ?? Pause, cancellation);

    public async Task<RequestCount> Stop()
    {
        await _stopping.CancelAsync();
        await _running;
        _stopping.Dispose();
        return new(_made, _lost, _firstLoss, _byNode, _broken);
    }

    private async Task Run()
    {
        using var pause = new PeriodicTimer(_pause);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var node = await Fetch();
                _byNode[node] = _byNode.GetValueOrDefault(node) + 1;
                Volatile.Write(ref _answered, _byNode.Count);
            }
            catch (HttpRequestException lost)
            {
                _lost++;
                Volatile.Write(ref _lastLoss, TimeProvider.System.GetTimestamp());
                _firstLoss ??= lost.Message;
            }
            Interlocked.Increment(ref _made);
            await pause.WaitForNextTickAsync();
        }
    }

    /// <summary>A request that is under way is let come to its end.</summary>
    private async Task<string> Fetch()
    {
        try
        {
            return await _network.Fetch(_address, NodeWebServer.Port, Patience, CancellationToken.None);
        }
        catch (HttpRequestException broken) when (broken.InnerException is IOException or SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            _broken++;
            return await _network.Fetch(_address, NodeWebServer.Port, Patience, CancellationToken.None);
        }
    }
}
