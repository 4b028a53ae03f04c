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
        Stream stream = new DuplexStream(connection.Transport);
        try
        {
            foreach (var guard in _guards) stream = await guard.Pass(stream, end, patience.Token);
            return stream;
        }
        catch (Exception refused)
        {
            log.StrangerRefused($"{connection.RemoteEndPoint}",
                patience.IsCancellationRequested ? $"it did not show who it is within {Patience.TotalSeconds:0} s." : refused.Message);
            GatewayTelemetry.Refused(end, refused);
            await stream.DisposeAsync();
            connection.Abort();
            return null;
        }
    }

    private sealed class StreamPipe(Stream stream) : IDuplexPipe
    {
        public PipeReader Input { get; } = PipeReader.Create(stream, new(leaveOpen: true));

        public PipeWriter Output { get; } = PipeWriter.Create(stream, new(leaveOpen: true));
    }
}
