namespace OrleansLb.Core.Ports;

/// <summary>
/// The objects that show how things stand. A kind that the cluster lacks is passed over; an outage throws <see cref="RecordUnavailableException"/>.
/// Objects that somebody else made are left alone.
/// </summary>
public interface IStatusObjectStore
{
    /// <summary>Makes the object, or brings it up to date.</summary>
    Task Put(StatusObject wanted, CancellationToken cancellation);

    /// <summary>Deletes the object; one that is already gone counts as deleted.</summary>
    Task Delete(StatusSubject subject, CancellationToken cancellation);

    /// <summary>What our objects of a kind that stand there are about, sorted: of one node, or of all.</summary>
    Task<EquatableList<StatusSubject>> Standing(StatusKind kind, NodeName? node, CancellationToken cancellation);
}
