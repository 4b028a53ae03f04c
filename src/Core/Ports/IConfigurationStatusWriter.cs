using OrleansLb.Core.Configuration;

namespace OrleansLb.Core.Ports;

/// <summary>
/// Writes to the objects that configure us what became of them, where their dialect has a place for it. Idempotent: what was written last is not written again.
/// Objects that are gone are passed over; a record that cannot be reached throws <see cref="RecordUnavailableException"/>.
/// </summary>
public interface IConfigurationStatusWriter
{
    Task Write(ConfigurationReport report, CancellationToken cancellation);
}
