using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using OrleansLb.Kubernetes.Client.Connection;

namespace OrleansLb.Kubernetes.Client.Transport;

/// <summary>Opens connections to the API server: TLS with pinned authorities, the client's certificate, a proxy, and probes that find a dead peer.</summary>
internal static class Connections
{
    /// <summary>
    /// As client-go: an idle HTTP/2 connection is probed after 30 s, and dropped 15 s later, or a watch would wait for ever on a half-open link.
    /// </summary>
    private static readonly TimeSpan ProbeAfter = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(30);

    public static SocketsHttpHandler Handler(ClusterConnection connection, SslStreamCertificateContext? certificate)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = ConnectPatience,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = ProbeAfter,
            KeepAlivePingTimeout = ProbePatience,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            SslOptions = TlsOptions(connection, certificate),
        };
        if (connection.Proxy is { } proxy) handler.Proxy = new WebProxy(proxy) { Credentials = ProxyCredentials(proxy) };
        var ownTls = connection is { TlsServerName: not null, Proxy: null, Server.Scheme: "https" };
        handler.ConnectCallback = (context, cancellation) =>
            ownTls ? ConnectTls(connection, certificate, context, cancellation) : ConnectTcp(context, cancellation);
        return handler;
    }

    private static SslClientAuthenticationOptions TlsOptions(ClusterConnection connection, SslStreamCertificateContext? certificate) => new()
    {
        TargetHost = connection.TlsServerName,
        ClientCertificateContext = certificate,
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        RemoteCertificateValidationCallback = (_, presented, chain, errors) =>
            connection.Trust.Accepts(presented as X509Certificate2, chain, WithServerName(connection.TlsServerName, presented, errors)),
    };

    /// <summary>Behind a proxy the handler checks the host of the URL; the name that the kubeconfig asks for is checked here instead.</summary>
    private static SslPolicyErrors WithServerName(string? name, X509Certificate? presented, SslPolicyErrors errors)
    {
        if (name is null || presented is not X509Certificate2 certificate) return errors;
        return certificate.MatchesHostname(name)
            ? errors & ~SslPolicyErrors.RemoteCertificateNameMismatch
            : errors | SslPolicyErrors.RemoteCertificateNameMismatch;
    }

    // The handler would always send the URL's host as the name of the server (SNI), so the handshake with another name is made here.
    private static async ValueTask<Stream> ConnectTls(ClusterConnection connection, SslStreamCertificateContext? certificate,
        SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var tls = new SslStream(await ConnectTcp(context, cancellation));
        try
        {
            await tls.AuthenticateAsClientAsync(TlsOptions(connection, certificate), cancellation);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private static async ValueTask<Stream> ConnectTcp(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, (int)ProbeAfter.TotalSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, (int)(ProbePatience.TotalSeconds / 3));
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static NetworkCredential? ProxyCredentials(Uri proxy) => proxy.UserInfo.Split(':', 2) switch
    {
        [{ Length: > 0 } user, var password] => new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password)),
        [{ Length: > 0 } user] => new NetworkCredential(Uri.UnescapeDataString(user), ""),
        _ => null,
    };
}
