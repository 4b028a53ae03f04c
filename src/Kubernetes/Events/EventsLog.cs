using Microsoft.Extensions.Logging;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Kubernetes.Events;

/// <summary>What the recorder of events tells an operator.</summary>
internal static partial class EventsLog
{
    [LoggerMessage(LogLevel.Debug, "The event {Reason} about {Regarding} was not recorded: {Fault}")]
    public static partial void EventLost(this ILogger logger, string reason, ObjectReference regarding, string fault);
}
