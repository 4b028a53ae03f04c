using OrleansLb.Core.Configuration;

namespace OrleansLb.Core.Ports;

/// <summary>Records Kubernetes events: best effort, never blocks, repeats are folded into a series.</summary>
public interface IEventRecorder
{
    /// <param name="regarding">The object that the event is about.</param>
    /// <param name="warning">Type Warning instead of Normal.</param>
    /// <param name="reason">CamelCase, machine-readable.</param>
    /// <param name="message">For people; at most 1024 characters are kept.</param>
    void Record(ObjectReference regarding, bool warning, string reason, string message);
}
