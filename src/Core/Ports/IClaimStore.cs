using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Ports;

/// <summary>What became of a claim's write.</summary>
public abstract record ClaimWrite
{
    private ClaimWrite()
    {
    }

    /// <summary>Written; <see cref="Claim"/> bears the new version.</summary>
    public sealed record Written(AddressClaim Claim) : ClaimWrite;

    /// <summary>Somebody else wrote first; <see cref="Current"/> is what stands there now, null when it is gone.</summary>
    public sealed record Conflict(AddressClaim? Current) : ClaimWrite;
}

/// <summary>The books of held addresses. Every write is a compare-and-swap; an outage throws <see cref="RecordUnavailableException"/>.</summary>
public interface IClaimStore
{
    Task<EquatableList<AddressClaim>> List(PoolName pool, CancellationToken cancellation);

    /// <summary>Creates the claim, or says who was first.</summary>
    Task<ClaimWrite> Create(AddressClaim claim, CancellationToken cancellation);

    /// <summary>Replaces the claim if it still has <see cref="AddressClaim.Version"/>.</summary>
    Task<ClaimWrite> Update(AddressClaim claim, CancellationToken cancellation);

    /// <summary>Deletes the claim if it still has the version. One that is already gone counts as deleted.</summary>
    Task<ClaimWrite> Delete(AddressClaim claim, CancellationToken cancellation);
}

/// <summary>The record (the Kubernetes API) cannot be reached or refuses us; nothing is known of what was written.</summary>
public sealed class RecordUnavailableException : Exception
{
    public RecordUnavailableException()
    {
    }

    public RecordUnavailableException(string message)
        : base(message)
    {
    }

    public RecordUnavailableException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
