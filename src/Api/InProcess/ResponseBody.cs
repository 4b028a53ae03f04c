using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace OrleansLb.Api.InProcess;

/// <summary>
/// The body of a response, as the pipeline writes it. The client is told of the response when there is something to read of it: what is short is whole by then.
/// </summary>
internal sealed class ResponseBody(ExchangedRequest request, ResponseHead head) : PipeWriter, IHttpResponseBodyFeature
{
    /// <summary>A reader that is slower than the pipeline holds it up when so much is unread.</summary>
    private const int PauseAt = 1024 * 1024;

    private static readonly PipeOptions Options =
        new(pauseWriterThreshold: PauseAt, resumeWriterThreshold: PauseAt / 2, useSynchronizationContext: false);

    private readonly Pipe _pipe = new(Options);
    private Stream? _stream;
    private long _written;
    private bool _answered;

    public Stream Stream => _stream ??= AsStream(leaveOpen: true);

    public PipeWriter Writer => this;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _pipe.Writer.UnflushedBytes;

    private long? Promised => head.Headers.ContentLength;

    private bool HasNoBody => request.IsHead || head.ForbidsBody;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _pipe.Writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _pipe.Writer.GetSpan(sizeHint);

    public override void Advance(int bytes)
    {
        if (bytes > 0 && head.ForbidsBody) throw new InvalidOperationException($"A response with status {head.StatusCode} has no body.");
        if (!request.IsHead && _written + bytes > Promised)
            throw new InvalidOperationException($"Response Content-Length mismatch: too many bytes written ({_written + bytes} of {Promised}).");
        _written += bytes;
        if (!request.IsHead && !request.IsBroken) _pipe.Writer.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
        head.IsReady ? Flush(cancellationToken) : FlushWhenReady(cancellationToken);

    public override void CancelPendingFlush() => _pipe.Writer.CancelPendingFlush();

    /// <summary>The pipeline writes no more; the body ends with the request.</summary>
    public override void Complete(Exception? exception = null)
    {
        if (exception is not null) request.Abort();
    }

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await head.FireStarting();
        head.Start();
        Answer();
    }

    public async Task CompleteAsync()
    {
        await FlushAsync();
        RequireWhole();
        await _pipe.Writer.CompleteAsync();
    }

    public void DisableBuffering()
    {
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    /// <summary>A body that is shorter than was promised is a fault of the pipeline.</summary>
    public void RequireWhole()
    {
        if (!HasNoBody && _written < Promised)
            throw new InvalidOperationException($"Response Content-Length mismatch: too few bytes written ({_written} of {Promised}).");
    }

    /// <summary>The pipeline has done its part, or has failed: then the client hears of it, or loses its connection if it has heard of the response.</summary>
    public void End(Exception? fault)
    {
        if (fault is not null && head.HasStarted)
        {
            _pipe.Writer.Complete(Cut(fault));
            return;
        }
        if (fault is not null) head.Fail(fault is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status500InternalServerError);
        else if (!head.HasStarted && _written == 0 && !HasNoBody) head.Headers.ContentLength ??= 0;
        head.Start();
        if (fault is null) _pipe.Writer.Complete();
        Answer(isEmpty: fault is not null);
    }

    /// <summary>The client reads no more, or is told that there is no more to come.</summary>
    public void BreakReading() => _pipe.Reader.CancelPendingRead();

    /// <summary>The pipeline need not wait for the reader any longer.</summary>
    public void BreakWriting() => _pipe.Writer.CancelPendingFlush();

    /// <summary>Nobody writes or reads any more: what was not read goes back to its pool.</summary>
    public void GiveBack() => _pipe.Writer.Complete(Cut());

    internal static HttpIOException Cut(Exception? fault = null) => new(HttpRequestError.ResponseEnded, "The response ended before its time.", fault);

    private async ValueTask<FlushResult> FlushWhenReady(CancellationToken cancellation)
    {
        await head.FireStarting();
        return await Flush(cancellation);
    }

    private ValueTask<FlushResult> Flush(CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return ValueTask.FromCanceled<FlushResult>(cancellation);
        if (!head.HasStarted) head.Start();
        if (request.IsBroken) return new(new FlushResult(isCanceled: false, isCompleted: true));
        var flushed = _pipe.Writer.FlushAsync(cancellation);
        Answer();
        return flushed;
    }

    private void Answer(bool isEmpty = false)
    {
        if (_answered) return;
        _answered = true;
        request.Answer(Response(isEmpty || HasNoBody));
    }

    private HttpResponseMessage Response(bool isEmpty)
    {
        HttpContent content = isEmpty ? new ByteArrayContent([]) : new ResponseContent(new ResponseStream(_pipe.Reader, Promised, request));
        if (isEmpty) _pipe.Reader.Complete();
        var response = new HttpResponseMessage((HttpStatusCode)head.StatusCode) { Content = content };
        if (head.ReasonPhrase is { } reason) response.ReasonPhrase = reason;
        foreach (var (name, values) in head.Headers)
        {
            if (!Add(response.Headers, name, values)) Add(content.Headers, name, values);
        }
        return response;
    }

    private static bool Add(HttpHeaders headers, string name, StringValues values) =>
        values.Count == 1 ? headers.TryAddWithoutValidation(name, values[0]) : headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
}
