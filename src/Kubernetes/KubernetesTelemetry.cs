using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes;

/// <summary>The spans and instruments of the traffic with the Kubernetes API.</summary>
public static class KubernetesTelemetry
{
    public const string Name = "OrleansLb.Kubernetes";

    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> RequestHistogram =
        Meter.CreateHistogram<double>("orleanslb.kubernetes.request.duration", "s",
            "Requests other than watches, retries included, by method, resource and fault.");

    private static readonly Counter<long> WatchEndsCounter =
        Meter.CreateCounter<long>("orleanslb.kubernetes.watch.ends", "{watch}", "Watches that ended, by resource and fault.");
    private static readonly Counter<long> EventsLostCounter =
        Meter.CreateCounter<long>("orleanslb.kubernetes.events.lost", "{event}", "Kubernetes events that were not recorded, by why.");

    public static ActivitySource Activities { get; } = new(Name);

    /// <summary>The span of one request; null when nobody listens.</summary>
    internal static Activity? Request(HttpMethod method, string resource)
    {
        var span = Activities.StartActivity($"{method} {resource}", ActivityKind.Client);
        span?.SetTag("http.request.method", method.Method);
        return span;
    }

    internal static void Requested(HttpMethod method, string resource, TimeSpan duration, Exception? fault) =>
        RequestHistogram.Record(duration.TotalSeconds, new("http.request.method", method.Method), Resource(resource), Fault(fault));

    internal static void WatchEnded(string resource, Exception? fault) => WatchEndsCounter.Add(1, Resource(resource), Fault(fault));

    /// <param name="why"><c>spam</c>, <c>queue</c>, the API's reason or the type of another fault.</param>
    internal static void EventLost(string why) => EventsLostCounter.Add(1, new KeyValuePair<string, object?>("error.type", why));

    private static KeyValuePair<string, object?> Resource(string resource) => new("orleanslb.kubernetes.resource", resource);

    private static KeyValuePair<string, object?> Fault(Exception? fault) => new("error.type", fault switch
    {
        null => null,
        ApiException refusal => refusal.Reason.ToString(),
        _ => fault.GetType().Name,
    });
}
