using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansLb.Silo.Hosting;

/// <summary>
/// The socket that the web server will listen on, bound before anything else is made: a port that is taken is said at once, and one that is free is known.
/// </summary>
internal sealed class HttpSocket
{
    private readonly Socket _socket;

    private HttpSocket(Socket socket) => _socket = socket;

    private IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Where this machine reaches it; for a socket on every address that is the loopback.</summary>
    public Uri Address
    {
        get
        {
            var host = EndPoint.Address.Equals(IPAddress.Any)
                ? IPAddress.Loopback
                : EndPoint.Address.Equals(IPAddress.IPv6Any)
                ? IPAddress.IPv6Loopback
                : EndPoint.Address;
            return new($"http://{new IPEndPoint(host, EndPoint.Port)}");
        }
    }

    public static HttpSocket Listen(IPEndPoint endPoint)
    {
        try
        {
            return new(SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint));
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new OperatorException($"--http: port {endPoint.Port} of {endPoint.Address} is taken by another program; stop that, or choose another port.",
                taken);
        }
        catch (SocketException refused)
        {
            throw new OperatorException($"--http: cannot listen on {endPoint}: {refused.Message}.", refused);
        }
    }

    public void HandTo(IWebHostBuilder web)
    {
        web.ConfigureKestrel(kestrel => kestrel.Listen(EndPoint));
        web.ConfigureServices(services => services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = _ => _socket));
    }
}
