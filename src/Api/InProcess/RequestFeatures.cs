using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansLb.Api.InProcess;

/// <summary>A request in the form in which a web server hands it to its pipeline.</summary>
internal static class RequestFeatures
{
    /// <param name="request">As the client made it.</param>
    /// <param name="body">Where its content arrives; null when there is none.</param>
    public static FeatureCollection Of(HttpRequestMessage request, PipeReader? body)
    {
        var features = new FeatureCollection(8);
        features.Set<IHttpRequestFeature>(Head(request, body));
        features.Set<IHttpRequestBodyDetectionFeature>(new Detection(request.Content is { } content && content.Headers.ContentLength != 0));
        if (body is not null) features.Set<IRequestBodyPipeFeature>(new Body(body));
        features.Set<IHttpConnectionFeature>(new HttpConnectionFeature
        {
            ConnectionId = "in-process",
            RemoteIpAddress = IPAddress.Loopback, // whoever asks is on this machine
            LocalIpAddress = IPAddress.Loopback,
            LocalPort = request.RequestUri!.Port,
        });
        return features;
    }

    private static HttpRequestFeature Head(HttpRequestMessage request, PipeReader? body)
    {
        var uri = request.RequestUri!;
        return new()
        {
            Protocol = HttpProtocol.Http11,
            Method = request.Method.Method,
            Scheme = uri.Scheme,
            Path = PathString.FromUriComponent(uri.AbsolutePath).Value ?? "/",
            QueryString = uri.Query,
            RawTarget = uri.PathAndQuery,
            Headers = Headers(request, uri),
            Body = body?.AsStream(leaveOpen: true) ?? Stream.Null,
        };
    }

    private static IHeaderDictionary Headers(HttpRequestMessage request, Uri uri)
    {
        IHeaderDictionary headers = new HeaderDictionary(8);
        Copy(request.Headers, headers);
        if (headers.Host.Count == 0) headers.Host = uri.IsDefaultPort ? uri.IdnHost : $"{uri.IdnHost}:{uri.Port}";
        if (request.Content is not { } content) return headers;
        Copy(content.Headers, headers);
        headers.ContentLength = content.Headers.ContentLength; // which only asking for computes
        if (headers.ContentLength is null) headers.TransferEncoding = "chunked";
        return headers;
    }

    private static void Copy(HttpHeaders from, IHeaderDictionary to)
    {
        foreach (var (name, values) in from.NonValidated) to[name] = values.ToString(); // in one line, as they would be sent
    }

    private sealed record Detection(bool CanHaveBody) : IHttpRequestBodyDetectionFeature;

    private sealed record Body(PipeReader Reader) : IRequestBodyPipeFeature;
}
