using Microsoft.Extensions.Logging;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Kubernetes.Events;

/// <summary>What the recorder of events tells an operator.</summary>
internal static partial class EventsLog
{
    [LoggerMessage(LogLevel.Debug, "The event {Reason} about {Regarding} was not recorded: {Fault}")]
    public static partial void EventLost(this ILogger logger, string reason, ObjectReference regarding, string fault);

    [LoggerMessage(LogLevel.Debug, "The event {Reason} about {Regarding} waits: {Fault}")]
    public static partial void EventWaits(this ILogger logger, string reason, ObjectReference regarding, string fault);

    [LoggerMessage(LogLevel.Warning, "{Count} Kubernetes events were not recorded, the last because of '{Why}' (queue: more happens than the API takes; spam: "
        + "too much about one object); conditions tell how things stand")]
    public static partial void EventsLost(this ILogger logger, long count, string why);

    [LoggerMessage(LogLevel.Warning, "The API does not permit events, and none are recorded for want of it: {Fault}")]
    public static partial void EventsNotPermitted(this ILogger logger, string fault);
}
