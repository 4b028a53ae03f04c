using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Authentication;
using System.Text.Json;
using OrleansLb.Kubernetes.Client.Access;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Client.Transport;

/// <summary>
/// Carries out calls: not too many at once, none for longer than its time, each measured. A refusal is thrown as an <see cref="ApiException"/>.
/// </summary>
internal sealed class ApiExchange(ApiTransport transport, KubernetesClientOptions options, TimeProvider time) : IDisposable
{
    private static readonly MediaTypeWithQualityHeaderValue AcceptJson = new("application/json");

    private readonly RightOfWay _way = new(time);
    private readonly SemaphoreSlim _slots = new(options.MaxRequestsInFlight);
    private readonly Version _version = transport.Connection.Server.Scheme == "https" ? HttpVersion.Version20 : HttpVersion.Version11;

    public ApiTransport Transport => transport;

    public Reachability Reachability { get; } = new();

    /// <summary>Sends the call and reads its whole answer.</summary>
    public async Task<TReply> Run<TReply>(ApiCall call, Func<Stream, CancellationToken, ValueTask<TReply>> read, CancellationToken cancellation)
    {
        if (call.GivesWay) await _way.GiveWay(cancellation);
        else _way.Begin();
        try
        {
            return await RunInSlot(call, read, cancellation);
        }
        finally
        {
            if (!call.GivesWay) _way.End();
        }
    }

    /// <summary>Sends the call and hands out its answer while it still arrives.</summary>
    public async Task<HttpResponseMessage> Open(ApiCall call, CancellationToken cancellation)
    {
        var response = await Send(call, cancellation);
        if (response.IsSuccessStatusCode) return response;
        using (response) throw await Refusal(response, call, cancellation);
    }

    public void Dispose()
    {
        _slots.Dispose();
        transport.Dispose();
    }

    private async Task<TReply> RunInSlot<TReply>(ApiCall call, Func<Stream, CancellationToken, ValueTask<TReply>> read, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        using var span = KubernetesTelemetry.Request(call.Method, call.Resource.Plural);
        var started = time.GetTimestamp();
        Exception? failure = null;
        try
        {
            return await RunInTime(call, read, cancellation);
        }
        catch (Exception fault)
        {
            failure = fault;
            span?.SetStatus(ActivityStatusCode.Error, fault.Message);
            throw;
        }
        finally
        {
            _slots.Release();
            KubernetesTelemetry.Requested(call.Method, call.Resource.Plural, time.GetElapsedTime(started), failure);
        }
    }

    private async Task<TReply> RunInTime<TReply>(ApiCall call, Func<Stream, CancellationToken, ValueTask<TReply>> read, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(options.RequestTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            using var response = await Open(call, either.Token);
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            return await read(body, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"{call}: no answer within {options.RequestTimeout.TotalSeconds:0} s.");
        }
        catch (JsonException fault)
        {
            throw new HttpRequestException($"{call}: the answer is not the JSON that was asked for: {fault.Message}", fault);
        }
    }

    private async Task<HttpResponseMessage> Send(ApiCall call, CancellationToken cancellation)
    {
        try
        {
            var response = await transport.Send(() => Request(call), cancellation);
            if (response.StatusCode == HttpStatusCode.Unauthorized) Reachability.Failed();
            else Reachability.Answered();
            return response;
        }
        catch (HttpRequestException fault)
        {
            Reachability.Failed();
            if (fault.InnerException is not AuthenticationException refused) throw;
            throw new HttpRequestException(fault.HttpRequestError, $"{call}: no TLS session with {transport.Connection.Server}, whose certificate has to "
                + $"be vouched for by an authority that the kubeconfig or the service account names: {refused.Message}", refused);
        }
    }

    private HttpRequestMessage Request(ApiCall call)
    {
        var request = new HttpRequestMessage(call.Method, transport.Connection.At(call.PathAndQuery))
        {
            Version = _version,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = call.Content?.Invoke(),
        };
        request.Headers.Accept.Add(AcceptJson);
        request.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent);
        return request;
    }

    private async Task<ApiException> Refusal(HttpResponseMessage response, ApiCall call, CancellationToken cancellation)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        var status = ApiStatuses.Read(body, (int)response.StatusCode, response.ReasonPhrase);
        var lacksRight = status.Reason == ApiReason.Forbidden && call.Resource != AccessReviewObject.Resource
            && (Denial.Names(status, call) || await IsDenied(call, cancellation));
        return new ApiException(status, call.ToString(), lacksRight ? call.Need() : null);
    }

    /// <summary>
    /// Asks the server's authorizer, which alone knows; false when that does not answer either. Needs no slot: the call that was refused may have the last.
    /// </summary>
    private async Task<bool> IsDenied(ApiCall call, CancellationToken cancellation)
    {
        var question = new AccessReviewObject { Spec = new(call.Attributes()) };
        var review = new ApiCall(HttpMethod.Post, AccessReviewObject.Resource, AccessReviewObject.Resource.Path(),
            ApiCall.Body(question, ClientJson.Default.AccessReviewObject));
        try
        {
            using var response = await Open(review, cancellation);
            await using var body = await response.Content.ReadAsStreamAsync(cancellation);
            var answer = await JsonSerializer.DeserializeAsync(body, ClientJson.Default.AccessReviewObject, cancellation);
            return answer?.Status is { Allowed: false };
        }
        catch (Exception fault) when (ApiFaults.IsExpected(fault))
        {
            return false;
        }
    }
}
