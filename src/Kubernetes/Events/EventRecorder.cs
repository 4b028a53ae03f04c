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

/// <summary>Writes events in the background. When the API is slower than what happens, the newest events are dropped: nothing waits for them.</summary>
public sealed class EventRecorder(ApiClient client, string instance, TimeProvider time, ILogger<EventRecorder> logger) : BackgroundService, IEventRecorder
{
    private const int QueueLength = 1000;
    private const int MaxNoteBytes = 1024;
    private const string Controller = "orleanslb.io/controller";

    private static readonly ResourceType<EventObject> Type =
        new(new ApiResource("events.k8s.io", "v1", "events", "Event", Namespaced: true), EventJson.Default.EventObject, EventJson.Default.ObjectListEventObject);

    private readonly EventCorrelator _correlator = new(time);
    private readonly Channel<Occurrence> _queue = Channel.CreateBounded<Occurrence>(
        new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true },
        _ => KubernetesTelemetry.EventLost("queue"));

    public void Record(ObjectReference regarding, bool warning, string reason, string message)
    {
        ArgumentNullException.ThrowIfNull(regarding);
        ArgumentNullException.ThrowIfNull(message);
        _queue.Writer.TryWrite(new Occurrence(regarding with { File = null, Generation = 0 }, warning, reason, Shortened(message)));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var occurrence in _queue.Reader.ReadAllAsync(stoppingToken)) await Write(occurrence, stoppingToken);
    }

    private async Task Write(Occurrence occurrence, CancellationToken stopping)
    {
        try
        {
            var write = _correlator.Judge(occurrence);
            if (write is EventWrite.Repeat repeat && !await Repeat(occurrence, repeat, stopping)) write = _correlator.Judge(occurrence);
            if (write is EventWrite.Drop) KubernetesTelemetry.EventLost("spam");
            if (write is EventWrite.Create create) await client.Create(Type, New(occurrence, create.Name), stopping);
        }
        catch (Exception fault) when (ApiFaults.IsExpected(fault))
        {
            KubernetesTelemetry.EventLost(fault.GetType().Name);
            logger.EventLost(occurrence.Reason, occurrence.Regarding, fault.Message);
        }
    }

    /// <summary>False when the event has expired meanwhile, and a new one is called for.</summary>
    private async Task<bool> Repeat(Occurrence occurrence, EventWrite.Repeat repeat, CancellationToken stopping)
    {
        try
        {
            var series = new JsonObject { ["count"] = repeat.Count, ["lastObservedTime"] = new MicroTime(time.GetUtcNow()).ToString() };
            await client.Patch(Type, new ObjectPath(NamespaceOf(occurrence.Regarding), repeat.Name), Patch.Merge(new JsonObject { ["series"] = series }), stopping);
            return true;
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
        {
            _correlator.Lost(occurrence);
            return false;
        }
    }

    private EventObject New(Occurrence occurrence, string name)
    {
        var subject = occurrence.Regarding;
        return new EventObject
        {
            Metadata = new ObjectMeta { Name = name, Namespace = NamespaceOf(subject) },
            EventTime = new MicroTime(time.GetUtcNow()),
            ReportingController = Controller,
            ReportingInstance = instance,
            Action = occurrence.Reason,
            Reason = occurrence.Reason,
            Regarding = new RegardingObject(subject.ApiVersion, subject.Kind, subject.Namespace.Length == 0 ? null : subject.Namespace, subject.Name, subject.Uid.Length == 0 ? null : subject.Uid),
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
