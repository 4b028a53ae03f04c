using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Events;

/// <summary>
/// Writes events in the background, one after the other: nothing waits for them, and they give way to requests that somebody waits for. What happens faster
/// than the API takes it waits, warnings before others, as it does while the API is away. What must be dropped is counted (<see cref="EventLosses"/>).
/// </summary>
public sealed class EventRecorder : BackgroundService, IEventRecorder
{
    private const int MaxNoteBytes = 1024;
    private const string Controller = "orleanslb.io/controller";

    /// <summary>How long an API that cannot be reached, or takes no more for now, is left alone.</summary>
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private static readonly ResourceType<EventObject> Type =
        new(new ApiResource("events.k8s.io", "v1", "events", "Event", Namespaced: true), EventJson.Default.EventObject,
            EventJson.Default.ObjectListEventObject);

    private readonly ApiClient _client;
    private readonly string _instance;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly EventCorrelator _correlator;
    private readonly EventLosses _losses;
    private readonly EventBacklog _backlog = new();
    private readonly Channel<Happening> _inbox;

    /// <summary>A right is missing, and was named.</summary>
    private bool _isRightNamed;

    public EventRecorder(ApiClient client, string instance, TimeProvider time, ILogger<EventRecorder> logger)
    {
        (_client, _instance, _time, _logger) = (client.GivingWay, instance, time, logger);
        (_correlator, _losses) = (new(time), new(time, logger));
        var bounds = new BoundedChannelOptions(EventBacklog.Capacity) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true };
        _inbox = Channel.CreateBounded<Happening>(bounds, _ => _losses.Add("queue"));
    }

    public void Record(ObjectReference regarding, bool warning, string reason, string message)
    {
        ArgumentNullException.ThrowIfNull(regarding);
        ArgumentNullException.ThrowIfNull(message);
        _inbox.Writer.TryWrite(new(new Occurrence(regarding with { File = null, Generation = 0 }, warning, reason, Shortened(message)), _time.GetUtcNow()));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _inbox.Reader.WaitToReadAsync(stoppingToken))
        {
            TakeIn();
            while (_backlog.Next() is { } happening)
            {
                await Write(happening, stoppingToken);
                TakeIn();
            }
        }
    }

    private void TakeIn()
    {
        while (_inbox.Reader.TryRead(out var happening))
        {
            if (!_correlator.Admits(happening.What)) _losses.Add("spam");
            else if (!_backlog.Add(happening)) _losses.Add("queue");
        }
    }

    private async Task Write(Happening happening, CancellationToken stopping)
    {
        var what = happening.What;
        try
        {
            var write = _correlator.Judge(what);
            if (write is EventWrite.Repeat repeat && !await Repeat(happening, repeat, stopping)) write = _correlator.Judge(what);
            if (write is EventWrite.Create create) await _client.Create(Type, New(happening, create.Name), stopping);
            _isRightNamed = false;
        }
        catch (Exception fault) when (IsOutage(fault))
        {
            _correlator.Lost(what);
            _backlog.PutBack(happening);
            _logger.EventWaits(what.Reason, what.Regarding, fault.Message);
            await Task.Delay(RetryDelay, _time, stopping);
        }
        catch (Exception fault) when (ApiFaults.IsExpected(fault))
        {
            _correlator.Lost(what);
            _losses.Add(fault is ApiException refusal ? refusal.Reason.ToString() : fault.GetType().Name);
            if (fault is ApiException { Lacks: not null }) NameRight(fault.Message);
            _logger.EventLost(what.Reason, what.Regarding, fault.Message);
        }
    }

    private static bool IsOutage(Exception fault) =>
        fault is HttpRequestException or IOException
        || fault is ApiException { Reason: ApiReason.TooManyRequests or ApiReason.ServiceUnavailable or ApiReason.Timeout or ApiReason.ServerTimeout
            or ApiReason.InternalError or ApiReason.Unauthorized };

    private void NameRight(string fault)
    {
        if (!_isRightNamed) _logger.EventsNotPermitted(fault);
        _isRightNamed = true;
    }

    /// <summary>False when the event has expired meanwhile, and a new one is called for.</summary>
    private async Task<bool> Repeat(Happening happening, EventWrite.Repeat repeat, CancellationToken stopping)
    {
        try
        {
            var series = new JsonObject { ["count"] = repeat.Count, ["lastObservedTime"] = new MicroTime(happening.At).ToString() };
            await _client.Patch(Type, new ObjectPath(NamespaceOf(happening.What.Regarding), repeat.Name), Patch.Merge(new JsonObject { ["series"] = series }),
                stopping);
            return true;
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
        {
            _correlator.Lost(happening.What);
            return false;
        }
    }

    private EventObject New(Happening happening, string name)
    {
        var (occurrence, subject) = (happening.What, happening.What.Regarding);
        return new EventObject
        {
            Metadata = new ObjectMeta { Name = name, Namespace = NamespaceOf(subject) },
            EventTime = new MicroTime(happening.At),
            ReportingController = Controller,
            ReportingInstance = _instance,
            Action = occurrence.Reason,
            Reason = occurrence.Reason,
            Regarding = new RegardingObject(subject.ApiVersion, subject.Kind, subject.Namespace.Length == 0 ? null : subject.Namespace, subject.Name,
                subject.Uid.Length == 0 ? null : subject.Uid),
            Note = occurrence.Message,
            Type = occurrence.Warning ? "Warning" : "Normal",
        };
    }

    // Events about objects of the whole cluster live in this namespace, by convention.
    private static string NamespaceOf(ObjectReference subject) => subject.Namespace.Length == 0 ? "default" : subject.Namespace;

    private static string Shortened(string message)
    {
        if (Encoding.UTF8.GetByteCount(message) <= MaxNoteBytes) return message;
        var kept = message.Length;
        while (Encoding.UTF8.GetByteCount(message.AsSpan(0, kept)) > MaxNoteBytes - 3) kept--;
        if (char.IsHighSurrogate(message[kept - 1])) kept--;
        return $"{message[..kept]}…";
    }
}
