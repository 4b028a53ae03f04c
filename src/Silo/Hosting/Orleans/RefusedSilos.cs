using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace OrleansLb.Silo.Hosting;

/// <summary>
/// Finds a process that died at the moment at which its connections break: where its machine answers that nobody listens at its port any more, it is dead,
/// and no probe needs to be missed and no vote taken. A machine that does not answer is left to the probes.
/// </summary>
internal sealed class RefusedSilos(ListenerCheck check) : IConfigureOptions<SiloConnectionOptions>
{
    public void Configure(SiloConnectionOptions options)
    {
        options.ConfigureSiloInboundConnection(connections => connections.Use(Follow));
        options.ConfigureSiloOutboundConnection(connections => connections.Use(Follow));
    }

    /// <summary>The transport's word comes at the break itself; what the connection's end brings with it, answers for all calls that are lost, takes its time.</summary>
    private ConnectionDelegate Follow(ConnectionDelegate next) => async connection =>
    {
        check.Rehearse();
        connection.ConnectionClosed.Register(() => _ = Ended(connection.RemoteEndPoint));
        await next(connection);
    };

    private async Task Ended(EndPoint? peer)
    {
        if (peer is IPEndPoint { Address: var machine }) await check.CheckThose(machine);
    }
}
