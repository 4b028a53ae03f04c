using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using OrleansLb.Protocols.Ndp;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Bgp;

/// <summary>
/// Finds the router at the other end of a link by its Router Advertisements, and shows it this end by ours, which make no default router of this node
/// (RFC 4861 §6). The hop limit need not be checked: a link-local source cannot have come from elsewhere.
/// </summary>
internal sealed class RouterDiscovery : IAsyncDisposable
{
    /// <summary>As often as routers that peer like this do it.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private const int IcmpV6Level = 58, IcmpV6Filter = 1, FilterWords = 8, MaxMessage = 1500;

    private static readonly IPAddress AllNodes = IPAddress.Parse("ff02::1");

    private readonly Socket _socket;
    private readonly ILogger _log;
    private readonly int _interface;
    private readonly ITimer _timer;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _listening;
    private TaskCompletionSource<IPAddress> _found = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RouterDiscovery(INetworkScope scope, string device, TimeProvider time, ILogger log)
    {
        (Device, _log) = (device, log);
        _interface = LocalAddresses.InterfaceIndex(scope, device);
        _socket = scope.Run(() => new Socket(AddressFamily.InterNetworkV6, SocketType.Raw, ProtocolType.IcmpV6));
        try
        {
            Prepare(scope, device);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        _listening = Task.Run(Listen);
        _timer = time.CreateTimer(_ => Advertise(), null, TimeSpan.Zero, Interval);
    }

    public string Device { get; }

    /// <summary>The router's link-local address, with the zone that it is in, once it has been heard.</summary>
    public Task<IPAddress> Router(CancellationToken cancellation) => Volatile.Read(ref _found).Task.WaitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await _timer.DisposeAsync();
        await _stopping.CancelAsync();
        await _listening;
        _socket.Dispose();
        _stopping.Dispose();
    }

    private void Prepare(INetworkScope scope, string device)
    {
        BgpTransport.BindToDevice(scope, _socket, device);
        _socket.SetRawSocketOption(IcmpV6Level, IcmpV6Filter, OnlyAdvertisements());
        _socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastTimeToLive, 255);
        _socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastLoopback, false);
        _socket.SetSocketOption(SocketOptionLevel.IPv6, SocketOptionName.MulticastInterface, _interface);
        _socket.Bind(new IPEndPoint(IPAddress.IPv6Any, 0));
    }

    // struct icmp6_filter: a set bit keeps the type out
    private static byte[] OnlyAdvertisements()
    {
        var filter = new byte[FilterWords * sizeof(uint)];
        filter.AsSpan().Fill(0xFF);
        const int Word = RouterAdvertisement.Type / 32, Bit = RouterAdvertisement.Type % 32;
        BitConverter.TryWriteBytes(filter.AsSpan(Word * sizeof(uint)), ~(1u << Bit));
        return filter;
    }

    private async Task Listen()
    {
        var buffer = new byte[MaxMessage];
        var anyone = new IPEndPoint(IPAddress.IPv6Any, 0);
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var received = await _socket.ReceiveFromAsync(buffer, anyone, _stopping.Token);
                var from = ((IPEndPoint)received.RemoteEndPoint).Address;
                if (from.IsIPv6LinkLocal && RouterAdvertisement.TryRead(buffer.AsSpan(0, received.ReceivedBytes), out _)) Heard(from);
            }
            catch (SocketException failed) // such as the link going down
            {
                _log.DiscoveryFailed(failed, Device);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Heard(IPAddress router)
    {
        if (_found.TrySetResult(router)) _log.RouterFound(Device, router);
        else if (!_found.Task.Result.Equals(router)) Replace(router);
    }

    // Another router has taken its place: the next dial goes there.
    private void Replace(IPAddress router)
    {
        var found = new TaskCompletionSource<IPAddress>(TaskCreationOptions.RunContinuationsAsynchronously);
        found.SetResult(router);
        Volatile.Write(ref _found, found);
        _log.RouterFound(Device, router);
    }

    private void Advertise()
    {
        Span<byte> message = stackalloc byte[RouterAdvertisement.Length];
        new RouterAdvertisement(Lifetime: 0).Write(message);
        try
        {
            _socket.SendTo(message, new IPEndPoint(new IPAddress(AllNodes.GetAddressBytes(), _interface), 0));
        }
        catch (SocketException failed) // the link may be down, or have no address yet; the next time may go better
        {
            _log.DiscoveryFailed(failed, Device);
        }
        catch (ObjectDisposedException)
        {
            // the last tick of a timer that was stopped
        }
    }
}
