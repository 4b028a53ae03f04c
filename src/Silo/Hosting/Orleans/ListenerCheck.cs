using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace OrleansLb.Silo.Hosting;

/// <summary>
/// Asks the machine of a silo that may have died whether anybody still listens at its port. One that says no speaks of a process that is gone: that is a fact,
/// and needs no vote. A machine that does not answer proves nothing.
/// </summary>
internal sealed class ListenerCheck(Lazy<IClusterMembershipService> membership, Lazy<ILocalSiloDetails> local, EstablishedDeaths deaths, TimeProvider time,
    ILogger<ListenerCheck> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Repeat = TimeSpan.FromMilliseconds(50);

    /// <summary>Another write may come in between; after these, the probes find the silo.</summary>
    private const int Attempts = 5;

    /// <summary>Where nobody listens: asked once ahead, so that the code is ready and the first refusal that counts is not the slowest.</summary>
    private static readonly IPEndPoint Nowhere = new(IPAddress.Loopback, 1);

    private readonly ConcurrentDictionary<SiloAddress, bool> _checked = new();
    private int _rehearsed;

    /// <summary>How long a port is asked that neither refuses nor throws out.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Never fails: it is waited for by nobody.</summary>
    public void Rehearse()
    {
        if (Interlocked.Exchange(ref _rehearsed, 1) == 0) _ = Refuses(Nowhere);
    }

    /// <summary>
    /// Those of a machine that are or would be members. A silo that stops in order listens no more before it says so itself, and is none of them.
    /// </summary>
    public Task CheckThose(IPAddress machine) =>
        Task.WhenAll(membership.Value.CurrentSnapshot.Members.Keys.Where(silo => silo.Endpoint.Address.Equals(machine)).Select(Check).ToList());

    /// <summary>Declares it dead where nobody listens. Never fails.</summary>
    public async Task Check(SiloAddress silo)
    {
        if (silo.Equals(local.Value.SiloAddress) || !IsMember(silo) || !_checked.TryAdd(silo, true)) return;
        try
        {
            if (!await Refuses(silo.Endpoint)) return;
            log.SiloRefuses(silo.ToParsableString());
            deaths.Add(silo);
            for (var attempt = 0; attempt < Attempts && IsMember(silo); attempt++)
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

    private bool IsMember(SiloAddress silo) => membership.Value.CurrentSnapshot.GetSiloStatus(silo) is SiloStatus.Joining or SiloStatus.Active;

    private async Task<bool> Refuses(IPEndPoint endPoint)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            while (true)
            {
                await LetIn(endPoint, patience.Token);
                await Task.Delay(Pause, time, patience.Token);
            }
        }
        catch (SocketException) // no other comes out of it
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>
    /// Connects, and stays until it is thrown out; fails if it is refused. A process that dies closes its sockets one after another, and the one at which it
    /// listens may be among the last: it lets in for a moment, and then resets whom it let in.
    /// </summary>
    private static async Task LetIn(IPEndPoint endPoint, CancellationToken patience)
    {
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endPoint, patience);
            while (await socket.ReceiveAsync(new byte[64], SocketFlags.None, patience) > 0) ; // a guard speaks first
        }
        catch (SocketException unsaid) when (unsaid.SocketErrorCode != SocketError.ConnectionRefused)
        {
            // Thrown out, perhaps before we saw that we were in; or the question never got there: this machine has no socket, port, buffer or way to spare just
            // now. None of these says whether anybody listens: whoever asks again may learn it.
        }
    }
}
