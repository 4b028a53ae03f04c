using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

namespace OrleansLb.Silo.Hosting;

/// <summary>Runs the grains on Microsoft Orleans: a cluster of one silo until membership over the Kubernetes API is here (issue 5).</summary>
internal static class GrainHosting
{
    /// <summary>They warn of what is chosen here: the workstation garbage collector, and a start that keeps a small machine busy.</summary>
    private static readonly string[] ChattersAtStart = ["Orleans.Runtime.Silo", "Orleans.Runtime.Watchdog"];

    public static void AddGrains(this WebApplicationBuilder builder)
    {
        builder.UseOrleans(silo => silo.UseLocalhostClustering(FreePort(), gatewayPort: 0).AddActivityPropagation());
        foreach (var chatter in ChattersAtStart) builder.Logging.AddFilter(chatter, LogLevel.Error);
    }

    /// <summary>The silo ends with its host, which stops hosted services in the reverse order of their start.</summary>
    public static Task StopGrains(this IServiceProvider services, CancellationToken cancellation) => Task.CompletedTask;

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
