using OrleansLb.Core.Pools;

namespace OrleansLb.Core.Ports;

/// <summary>
/// Writes to the object that declares a pool how full it is, as its dialect has it. Idempotent. An object that is gone, or of a kind that shows nothing of
/// the sort, is passed over; a record that cannot be reached throws <see cref="RecordUnavailableException"/>.
/// </summary>
public interface IPoolStatusWriter
{
    Task Write(PoolReport report, CancellationToken cancellation);
}
