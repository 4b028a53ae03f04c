using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Core.Ports;

/// <summary>A condition of a Service (metav1.Condition).</summary>
/// <param name="Type">One of <see cref="Services.ConditionTypes"/>.</param>
/// <param name="Reason">CamelCase, the name of a <see cref="Reason"/>.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.ServiceCondition")]
public sealed record ServiceCondition([property: Id(0)] string Type, [property: Id(1)] bool Status, [property: Id(2)] string Reason,
    [property: Id(3)] string Message);

/// <summary>What a served or pending Service's status is to show.</summary>
/// <param name="Addresses">Its ingress addresses, whole; empty while it is pending.</param>
/// <param name="Pool">The pool of the addresses, for the output annotation; null while it is pending.</param>
/// <param name="PoolObject">The object that declares the pool; null when there is none any more.</param>
/// <param name="Finalizer">The finalizer that it must bear; null leaves finalizers as they are.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.ServiceStatus")]
public sealed record ServiceStatus(
    [property: Id(0)] ServiceName Service,
    [property: Id(1)] string Uid,
    [property: Id(2)] EquatableList<Address> Addresses,
    [property: Id(3)] PoolName? Pool,
    [property: Id(4)] string? Finalizer,
    [property: Id(5)] EquatableList<ServiceCondition> Conditions,
    [property: Id(6)] ObjectReference? PoolObject = null);

/// <summary>
/// Writes Service status. Idempotent: what already stands there is not written again. A Service that is gone, or has another uid, is passed over.
/// </summary>
public interface IServiceStatusWriter
{
    /// <summary>
    /// Shows other addresses only in place of those that whoever decided knew of: of two that serve one Service at once, as after a split of the cluster, the
    /// one that comes second must learn of the first before it lets go of anything.
    /// </summary>
    /// <param name="status">What the Service is to show.</param>
    /// <param name="known">The addresses that it showed when that was decided.</param>
    /// <returns>False when somebody else has it show others by now: it is to be decided anew.</returns>
    Task<bool> Write(ServiceStatus status, EquatableList<Address> known, CancellationToken cancellation);

    /// <summary>Takes our addresses, conditions and finalizer from a Service that is not ours any more or is being deleted.</summary>
    Task Clear(ServiceName service, string uid, string? finalizer, CancellationToken cancellation);
}
