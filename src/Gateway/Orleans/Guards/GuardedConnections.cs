using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace OrleansLb.Gateway;

/// <summary>
/// Puts the guards before everything that silos say to each other, and before what clients say at the gateway: at the silos' ends, and at the client's.
/// </summary>
internal sealed class GuardedConnections(IEnumerable<IConnectionGuard> guards, TimeProvider time, ILogger<GuardedConnections> log)
    : IConfigureOptions<SiloConnectionOptions>, IConfigureOptions<ClientConnectionOptions>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly List<IConnectionGuard> _guards = [.. guards];
    private readonly RefusalLog _refusals = new(time, log);

    public void Configure(SiloConnectionOptions options)
    {
        if (_guards.Count == 0) return;
        options.ConfigureSiloInboundConnection(connections => connections.Use(next => connection => Pass(connection, ConnectionEnd.Accepted, next)));
        options.ConfigureSiloOutboundConnection(connections => connections.Use(next => connection => Pass(connection, ConnectionEnd.Dialled, next)));
        options.ConfigureGatewayInboundConnection(connections => connections.Use(next => connection => Pass(connection, ConnectionEnd.Accepted, next)));
    }

    public void Configure(ClientConnectionOptions options)
    {
        if (_guards.Count > 0) options.ConfigureConnection(connections => connections.Use(next => connection => Pass(connection, ConnectionEnd.Dialled, next)));
    }

    private async Task Pass(ConnectionContext connection, ConnectionEnd end, ConnectionDelegate next)
    {
        var bare = connection.Transport;
        await using var stream = await Guarded(connection, end);
        if (stream is null) return;
        var pipe = new StreamPipe(stream);
        connection.Transport = pipe;
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = bare;
            await pipe.Input.CompleteAsync();
            await pipe.Output.CompleteAsync();
        }
    }

    /// <summary>Null when a guard turned the other end away.</summary>
    private async Task<Stream?> Guarded(ConnectionContext connection, ConnectionEnd end)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        var bare = new DuplexStream(connection.Transport);
        Stream stream = bare;
        try
        {
            foreach (var guard in _guards) stream = await guard.Pass(stream, end, patience.Token);
            return stream;
        }
        catch (Exception refused)
        {
            if (end == ConnectionEnd.Dialled || bare.HasHeard || patience.IsCancellationRequested) // who leaves without a word asked if anybody listens
            {
                _refusals.Refused(connection.RemoteEndPoint, Why(refused, patience.IsCancellationRequested));
                GatewayTelemetry.Refused(end, refused);
            }
            await stream.DisposeAsync();
            connection.Abort();
            return null;
        }
    }

    private static string Why(Exception refused, bool isLate) => refused switch
    {
        _ when isLate => $"it did not show who it is within {Patience.TotalSeconds:0} s.",
        IOException or OperationCanceledException => "it ended the connection before it had shown who it is.",
        _ => refused.Message,
    };

    private sealed class StreamPipe(Stream stream) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream, new(leaveOpen: true));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new(leaveOpen: true));
    }
}
