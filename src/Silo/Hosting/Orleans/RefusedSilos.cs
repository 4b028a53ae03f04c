using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace OrleansLb.Silo.Hosting;

/// <summary>
/// Finds a process that died at the moment at which its connections break: where its machine answers that nobody listens at its port any more, it is dead,
/// and no probe needs to be missed and no vote taken. A machine that does not answer proves nothing: that is left to the probes.
/// </summary>
internal sealed class RefusedSilos(Lazy<IClusterMembershipService> membership, Lazy<ILocalSiloDetails> local, EstablishedDeaths deaths, TimeProvider time, ILogger<RefusedSilos> log) : IConfigureOptions<SiloConnectionOptions>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Repeat = TimeSpan.FromMilliseconds(50);

    /// <summary>Another write may come in between; after these, the probes find the silo.</summary>
    private const int Attempts = 5;

    /// <summary>Where nobody listens: asked once ahead, so that the code is ready and the first refusal that counts is not the slowest.</summary>
    private static readonly IPEndPoint Rehearsal = new(IPAddress.Loopback, 1);

    private readonly ConcurrentDictionary<SiloAddress, bool> _checked = new();
    private int _rehearsed;

    public void Configure(SiloConnectionOptions options)
    {
        options.ConfigureSiloInboundConnection(connections => connections.Use(Follow));
        options.ConfigureSiloOutboundConnection(connections => connections.Use(Follow));
    }

    private ConnectionDelegate Follow(ConnectionDelegate next) => async connection =>
    {
        var peer = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        if (Interlocked.Exchange(ref _rehearsed, 1) == 0) _ = Refuses(Rehearsal);
        try
        {
            await next(connection);
        }
        finally
        {
            if (peer is not null) _ = Ended(peer);
        }
    };

    /// <summary>Never fails: it is waited for by nobody.</summary>
    private async Task Ended(IPAddress peer)
    {
        await Task.Yield();
        var members = membership.Value.CurrentSnapshot.Members.Values;
        var others = members.Where(member => member.Status == SiloStatus.Active && member.SiloAddress.Endpoint.Address.Equals(peer) && !member.SiloAddress.Equals(local.Value.SiloAddress));
        await Task.WhenAll(others.Select(member => Check(member.SiloAddress)).ToList());
    }

    private async Task Check(SiloAddress silo)
    {
        if (!_checked.TryAdd(silo, true)) return;
        try
        {
            if (!await Refuses(silo.Endpoint)) return;
            log.SiloRefuses(silo.ToParsableString());
            deaths.Add(silo);
            for (var attempt = 0; attempt < Attempts && IsActive(silo); attempt++)
            {
                await membership.Value.TryKill(silo);
                await Task.Delay(Repeat, time);
            }
        }
        catch (Exception fault)
        {
            log.SiloNotKilled(silo.ToParsableString(), fault.Message);
        }
        finally
        {
            _checked.TryRemove(silo, out _);
        }
    }

    private bool IsActive(SiloAddress silo) => membership.Value.CurrentSnapshot.GetSiloStatus(silo) == SiloStatus.Active;

    private async Task<bool> Refuses(IPEndPoint endPoint)
    {
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            await socket.ConnectAsync(endPoint, patience.Token);
            return false;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode == SocketError.ConnectionRefused;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
