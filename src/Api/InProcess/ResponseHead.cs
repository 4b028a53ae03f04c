using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansLb.Api.InProcess;

/// <summary>Status and headers of a response, which stand once it has begun, and who wants to know of its beginning and its end.</summary>
internal sealed class ResponseHead : IHttpResponseFeature
{
    private readonly HeaderDictionary _headers = new();
    private Stack<Callback>? _starting;
    private Stack<Callback>? _completed;

    public ResponseHead() => Headers = _headers;

    public int StatusCode
    {
        get;
        set
        {
            RequireNotStarted();
            field = value;
        }
    }
    = StatusCodes.Status200OK;

    public string? ReasonPhrase
    {
        get;
        set
        {
            RequireNotStarted();
            field = value;
        }
    }

    public IHeaderDictionary Headers { get; set; }

    public bool HasStarted { get; private set; }

    [Obsolete("The body is at IHttpResponseBodyFeature.")]
    public Stream Body { get; set; } = Stream.Null;

    /// <summary>Nobody is left to be told before it begins.</summary>
    public bool IsReady => _starting is not { Count: > 0 };

    /// <summary>RFC 9110 §15.3.5, §15.4.5: such a response has no body.</summary>
    public bool ForbidsBody => StatusCode is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified;

    public void OnStarting(Func<object, Task> callback, object state)
    {
        RequireNotStarted();
        (_starting ??= new()).Push(new(callback, state));
    }

    public void OnCompleted(Func<object, Task> callback, object state) => (_completed ??= new()).Push(new(callback, state));

    /// <summary>The last that was registered comes first; one that throws makes the request fail.</summary>
    public async ValueTask FireStarting()
    {
        while (_starting is not null && _starting.TryPop(out var next)) await next.Invoke();
    }

    public Func<Task>? NextCompleted() => _completed is not null && _completed.TryPop(out var next) ? next.Invoke : null;

    public void Start() => _headers.IsReadOnly = HasStarted = true;

    /// <summary>What a pipeline has said so far that failed before its response began is not said.</summary>
    public void Fail(int code)
    {
        (StatusCode, ReasonPhrase) = (code, null);
        Headers.Clear();
        Headers.ContentLength = 0;
    }

    private void RequireNotStarted()
    {
        if (HasStarted) throw new InvalidOperationException("The response has already started.");
    }

    private readonly record struct Callback(Func<object, Task> Action, object State)
    {
        public Task Invoke() => Action(State);
    }
}
