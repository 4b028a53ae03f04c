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

    private ConnectionDelegate Follow(ConnectionDelegate next) => async connection =>
    {
        var peer = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        check.Rehearse();
        try
        {
            await next(connection);
        }
        finally
        {
            if (peer is not null) _ = Ended(peer);
        }
    };

    private async Task Ended(IPAddress peer)
    {
        await Task.Yield();
        await check.CheckThose(peer);
    }
}
