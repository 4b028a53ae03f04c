using System.IO.Pipelines;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansLb.Api.InProcess;

/// <summary>
/// One request on its way through the pipeline. It runs on the thread pool, never on the caller's turn: a grain's scheduler must see none of it. Whichever side
/// gives up first, the other is told.
/// </summary>
internal sealed class ExchangedRequest : IThreadPoolWorkItem, IHttpRequestLifetimeFeature, IDisposable
{
    private const int Running = 0, Broken = 1, Over = 2;

    private readonly InProcessExchange _exchange;
    private readonly IHttpApplication<object> _application;
    private readonly HttpRequestMessage _request;
    private readonly TaskCompletionSource<HttpResponseMessage> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _aborted = new();
    private readonly CancellationToken _whenAborted;
    private readonly ResponseHead _head = new();
    private readonly ResponseBody _body;
    private int _state;

    public ExchangedRequest(InProcessExchange exchange, IHttpApplication<object> application, HttpRequestMessage request)
    {
        (_exchange, _application, _request) = (exchange, application, request);
        _body = new ResponseBody(this, _head);
        RequestAborted = _whenAborted = _aborted.Token;
    }

    public CancellationToken RequestAborted { get; set; }

    public bool IsHead => _request.Method == HttpMethod.Head;

    public bool IsBroken => Volatile.Read(ref _state) == Broken;

    /// <summary>Ends with the beginning of the response. What comes after can be cancelled by disposing of the response, as with a socket.</summary>
    public async Task<HttpResponseMessage> Begin(CancellationToken cancellation)
    {
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        await using var registration = cancellation.UnsafeRegister(static (request, token) => ((ExchangedRequest)request!).GiveUp(token), this)
            .ConfigureAwait(false);
        return await _answer.Task.ConfigureAwait(false);
    }

    /// <summary>The response begins: whoever waits gets it.</summary>
    public void Answer(HttpResponseMessage response)
    {
        response.RequestMessage = _request;
        if (!_answer.TrySetResult(response)) response.Dispose();
    }

    /// <summary>Either side ends the exchange before its time.</summary>
    public void Abort()
    {
        if (Interlocked.CompareExchange(ref _state, Broken, Running) != Running) return;
        _answer.TrySetException(new HttpRequestException(HttpRequestError.ResponseEnded, $"{_request.RequestUri}: the response ended before it began."));
        _body.BreakReading();
        ThreadPool.UnsafeQueueUserWorkItem(static request => request.TellAborted(), this, preferLocal: false); // never on the caller's turn
    }

    public void Dispose() => _aborted.Dispose();

    void IThreadPoolWorkItem.Execute() => _ = Run();

    private void GiveUp(CancellationToken cancellation)
    {
        if (_answer.TrySetCanceled(cancellation)) Abort();
    }

    private async Task Run()
    {
        var pipe = _request.Content is null ? null : new Pipe();
        var sending = pipe is null ? Task.CompletedTask : Send(_request.Content!, pipe.Writer);
        try
        {
            await Serve(pipe?.Reader);
        }
        catch (Exception fault)
        {
            _exchange.Logger.ExchangeFailed(fault, _request.Method.Method, _request.RequestUri?.AbsolutePath);
            Abort();
        }
        pipe?.Reader.Complete();
        if (Interlocked.CompareExchange(ref _state, Over, Running) == Running)
        {
            if (sending.IsCompleted) Dispose();
            else TellAborted(); // a content that nobody has read to its end
        }
        else _body.GiveBack();
        _exchange.Ended(this);
    }

    private async Task Serve(PipeReader? content)
    {
        var features = RequestFeatures.Of(_request, content);
        features.Set<IHttpRequestLifetimeFeature>(this);
        features.Set<IHttpResponseFeature>(_head);
        features.Set<IHttpResponseBodyFeature>(_body);
        var context = _application.CreateContext(features);
        var fault = await Process(context);
        if (!IsBroken) _body.End(fault);
        await Complete();
        _application.DisposeContext(context, fault);
    }

    /// <summary>What the pipeline has failed by; null also when it only noticed that nobody listens any more.</summary>
    private async Task<Exception?> Process(object context)
    {
        try
        {
            await _application.ProcessRequestAsync(context);
            await _head.FireStarting();
            if (!IsBroken) _body.RequireWhole();
            return null;
        }
        catch (Exception gone) when (IsBroken && gone is OperationCanceledException or IOException)
        {
            return null;
        }
        catch (Exception fault)
        {
            if (fault is not BadHttpRequestException)
                _exchange.Logger.ExchangeFailed(fault, _request.Method.Method, _request.RequestUri?.AbsolutePath);
            return fault;
        }
    }

    private async Task Complete()
    {
        while (_head.NextCompleted() is { } callback)
        {
            try
            {
                await callback();
            }
            catch (Exception fault)
            {
                _exchange.Logger.CallbackFailed(fault, _request.Method.Method, _request.RequestUri?.AbsolutePath);
            }
        }
    }

    private async Task Send(HttpContent content, PipeWriter writer)
    {
        try
        {
            await content.CopyToAsync(writer.AsStream(leaveOpen: true), null, _whenAborted);
            await writer.CompleteAsync();
        }
        catch (Exception fault)
        {
            await writer.CompleteAsync(new IOException("The client has not sent its whole content.", fault));
            if (_answer.TrySetException(new HttpRequestException("The content could not be sent.", fault))) Abort();
        }
    }

    private void TellAborted()
    {
        try
        {
            _aborted.Cancel();
        }
        catch (AggregateException fault)
        {
            _exchange.Logger.CallbackFailed(fault, _request.Method.Method, _request.RequestUri?.AbsolutePath);
        }
        _body.BreakWriting(); // whoever waits there finds the token cancelled
        Dispose();
    }
}
