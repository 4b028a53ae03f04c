using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Client.Watching;

/// <summary>
/// The objects of one kind as a stream that never ends by itself: a list, then a watch, resumed or begun anew as the server's answers call for.
/// </summary>
public sealed class Reflector<T>
    where T : class, IApiObject
{
    /// <summary>A version at which watches fail this often in a row is given up for a new list.</summary>
    private const int FailuresPerVersion = 3;

    private readonly ApiClient _client;
    private readonly ListWatch<T> _source;
    private readonly ReflectorOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Backoff _backoff;
    private readonly string _name;
    private Position _position = Position.Start;
    private int _failures;
    private bool _reported;
    private bool _told;

    /// <summary>The last session ended because the server could not be reached or did not know us.</summary>
    private bool _cutOff;

    public Reflector(ApiClient client, ResourceType<T> type, ListQuery query, ReflectorOptions options, Random random, TimeProvider time, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(type);
        _client = client;
        _source = new ListWatch<T>(client, type, query, options, random, time);
        (_options, _time, _logger) = (options, time, logger);
        _backoff = new Backoff(time, random);
        _name = type.Resource.ToString();
    }

    /// <summary>Yields until cancelled. One consumer at a time.</summary>
    public async IAsyncEnumerable<Change<T>> Changes([EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var session = new Session(_time.GetTimestamp());
            await using (var events = _source.Open(_position, cancellation).GetAsyncEnumerator(cancellation))
            {
                while (await Advance(events, session, cancellation))
                {
                    if (Apply(events.Current, session) is { } change) yield return change;
                    if (session.Fault is not null) break;
                }
            }
            if (IsTolerated(session) && !_told)
            {
                _told = true;
                yield return new Change<T>.Snapshot([]);
            }
            await Rest(session, cancellation);
        }
    }

    private static async Task<bool> Advance(IAsyncEnumerator<ListWatchEvent<T>> events, Session session, CancellationToken cancellation)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception fault) when (ApiFaults.IsExpected(fault) || fault is OperationCanceledException)
        {
            session.Fault = fault;
            return false;
        }
    }

    private Change<T>? Apply(ListWatchEvent<T> input, Session session)
    {
        switch (input)
        {
            case ListWatchEvent<T>.Listed listed:
                Recovered();
                _position = new Position(listed.ResourceVersion, NeedsList: false);
                _told = true;
                return new Change<T>.Snapshot(listed.Items);
            case ListWatchEvent<T>.Watched { Event: WatchEvent<T>.Changed changed }:
                Moved(changed.ResourceVersion, session);
                return changed.Change;
            case ListWatchEvent<T>.Watched { Event: WatchEvent<T>.Bookmark mark }:
                Moved(mark.ResourceVersion, session);
                return null;
            case ListWatchEvent<T>.Watched { Event: WatchEvent<T>.Failed failed }:
                session.Fault = new ApiException(failed.Status, $"WATCH {_name}");
                return null;
            default:
                return null;
        }
    }

    private void Moved(string? version, Session session)
    {
        Recovered();
        session.BroughtEvents = true;
        _failures = 0;
        if (version is not null) _position = _position with { Version = version };
    }

    private void Recovered()
    {
        if (_reported) _logger.ReadRecovered(_name);
        _reported = false;
    }

    /// <summary>Waits before the next session as long as this one calls for; not at all after one that did its work.</summary>
    private async Task Rest(Session session, CancellationToken cancellation)
    {
        KubernetesTelemetry.WatchEnded(_name, session.Fault);
        var refused = session.Fault is ApiException;
        var expired = session.Fault is ApiException refusal && Judge(refusal);
        var healthy = session.BroughtEvents || (session.Fault is null && _time.GetElapsedTime(session.Started) >= _options.ShortWatch);
        if (healthy && (expired || !refused)) return;
        _failures++;
        if (expired && _failures == 1) return; // a new list is due, and nothing says that the server is in trouble
        if (_failures % FailuresPerVersion == 0) _position = _position with { NeedsList = true };
        var cutOff = session.Fault is HttpRequestException or IOException or ApiException { Reason: ApiReason.Unauthorized };
        if (_cutOff && !cutOff) _backoff.Reset(); // a server that starts refuses for a moment what it grants afterwards
        _cutOff = cutOff;
        var delay = _backoff.Next();
        if (!IsTolerated(session)) _logger.ReadFailed(_name, delay, session.Fault?.Message ?? "the server closes its watches at once");
        else if (!_reported) _logger.ReadNotPermitted(_name, session.Fault!.Message);
        _reported = true;
        await Pause(delay, cutOff, cancellation);
    }

    /// <summary>
    /// A server that could not be reached or did not know us, or a connection that broke, is tried again soon after anybody has had an answer: many
    /// readers wait, and one of them finds out first.
    /// </summary>
    private async Task Pause(TimeSpan delay, bool cutOff, CancellationToken cancellation)
    {
        var least = cutOff && delay > Backoff.First ? Backoff.First : delay;
        await Task.Delay(least, _time, cancellation);
        if (least == delay) return;
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var rest = Task.Delay(delay - least, _time, pause.Token);
        if (await Task.WhenAny(rest, _client.Reachability.Answers) != rest) _backoff.Reset();
        await pause.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    private bool IsTolerated(Session session) => _options.EmptyWhenForbidden && session.Fault is ApiException { Reason: ApiReason.Forbidden };

    /// <summary>Notes what a refusal means for the position; true when the version is of no use any more.</summary>
    private bool Judge(ApiException refusal)
    {
        _logger.WatchEnded(_name, refusal.Message);
        if (refusal.Reason is ApiReason.Expired or ApiReason.Gone || refusal.Status.Code == 410 || refusal.Status.HasCause("ResourceVersionTooLarge"))
        {
            _position = Position.Newest;
            return true;
        }
        if (refusal.Reason is not (ApiReason.TooManyRequests or ApiReason.InternalError or ApiReason.ServiceUnavailable or ApiReason.Timeout
            or ApiReason.ServerTimeout or ApiReason.Unauthorized))
        {
            _position = _position with { NeedsList = true };
        }
        return false;
    }

    /// <summary>What one list with its watch, or one watch, came to.</summary>
    private sealed class Session(long started)
    {
        public long Started { get; } = started;

        /// <summary>Events of the watch itself; a list alone does not tell that watching works.</summary>
        public bool BroughtEvents { get; set; }

        public Exception? Fault { get; set; }
    }
}
