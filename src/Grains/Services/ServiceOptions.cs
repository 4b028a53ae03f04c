using OrleansLb.Core.Services;

namespace OrleansLb.Grains.Services;

/// <summary>How services are served.</summary>
public sealed class ServiceOptions
{
    public const string Section = "Services";

    /// <summary>
    /// How long the first write of a status waits for the announcement that is on its way, so that one write tells both: it comes within milliseconds, and
    /// within a second when hundreds of services are created at once.
    /// </summary>
    public TimeSpan AnnounceWait { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a new service whose EndpointSlice has not been made is announced as if it had endpoints. A cluster makes the slices after the Services, 20 of
    /// them a second where hundreds are created at once.
    /// </summary>
    public TimeSpan FirstSliceWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it waits for the first endpoints of a new service, without which there is no announcement to wait for.</summary>
    public TimeSpan FirstEndpointsWait { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// The same for a service that shows its addresses already: after a restart, or while another node takes over, its status stands meanwhile.
    /// </summary>
    public TimeSpan ReannounceWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a new service may be without endpoints before an event says so: a cluster makes its EndpointSlices after the Service.</summary>
    public TimeSpan EndpointWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a set of routes that lost its memory waits for services that lost theirs with it. Until then nodes keep the routes that they had.
    /// </summary>
    public TimeSpan RerouteWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an operator's move waits for the announcement before it answers.</summary>
    public TimeSpan MoveWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The first wait before something is tried again that failed; doubled each time up to <see cref="RetryLimit"/>.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan RetryLimit { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an announcement may stay out before the node is reminded.</summary>
    public TimeSpan RemindDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often the services of the record are compared with those that are served: a call may be lost with the grain that was to make it.</summary>
    public TimeSpan CompareInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long after it was last reported a stranger's claim of an address counts as standing. A claim that goes on is reported each ten seconds.
    /// </summary>
    public TimeSpan ConflictMemory { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a question about a service that is not served yet waits for that.</summary>
    public TimeSpan ExplainWait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many services are worked on at once when many change.</summary>
    public int AtOnce { get; set; } = 64;

    internal TimeSpan WaitFor(ServiceRequest request) => request.Held.Count > 0 ? ReannounceWait : AnnounceWait;
}
