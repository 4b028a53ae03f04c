using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;

namespace OrleansLb.Grains.Pools;

/// <summary>How the writing of a decision ended.</summary>
internal enum ClaimsWritten
{
    /// <summary>The books and the record agree.</summary>
    Done,

    /// <summary>Somebody else wrote first; the books have it now, and a new decision is due.</summary>
    Conflicted,

    /// <summary>The record cannot be reached. What was written is unknown; the compare-and-swap of the next write on the address will tell.</summary>
    Unavailable,
}

/// <summary>
/// Writes claims and keeps the books in step. While a write is under way the books already show what it wants, so that no other decision takes the
/// address, and whoever needs it otherwise waits for the outcome.
/// </summary>
internal sealed class ClaimWriter(PoolBook book, IClaimStore store, FeedFilter filter)
{
    private readonly Dictionary<Address, Task> _inFlight = [];

    public bool IsInFlight(Address address) => _inFlight.ContainsKey(address);

    /// <summary>A write under way that must end before these changes may be written; null when there is none.</summary>
    public Task? InFlight(EquatableList<ClaimChange> changes) => changes.Select(change => _inFlight.GetValueOrDefault(change.Address)).FirstOrDefault(task => task is not null);

    /// <summary>Likewise for changes that serve a request: what the service holds by the books may still be on its way to the record.</summary>
    public Task? InFlight(EquatableList<ClaimChange> changes, AllocationRequest request) =>
        InFlight(changes) ?? book.HeldBy(request.Service).Select(address => _inFlight.GetValueOrDefault(address)).FirstOrDefault(task => task is not null);

    public async Task<ClaimsWritten> Write(EquatableList<ClaimChange> changes)
    {
        if (changes.Count == 0) return ClaimsWritten.Done;
        var outcomes = await Task.WhenAll(changes.Select(Write));
        return outcomes.Contains(ClaimsWritten.Unavailable) ? ClaimsWritten.Unavailable : outcomes.Max();
    }

    private async Task<ClaimsWritten> Write(ClaimChange change)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _inFlight.Add(change.Address, ended.Task);
        if (change.After is { } after) book.Put(after);
        try
        {
            return Settle(change, await Send(change));
        }
        catch (RecordUnavailableException)
        {
            Settle(change, new ClaimWrite.Conflict(change.Before));
            return ClaimsWritten.Unavailable;
        }
        finally
        {
            _inFlight.Remove(change.Address);
            ended.SetResult();
        }
    }

    private Task<ClaimWrite> Send(ClaimChange change) => change switch
    {
        { Before: null, After: { } created } => store.Create(created, CancellationToken.None),
        { After: { } updated } => store.Update(updated, CancellationToken.None),
        _ => store.Delete(change.Before!, CancellationToken.None),
    };

    private ClaimsWritten Settle(ClaimChange change, ClaimWrite outcome)
    {
        var stands = outcome switch
        {
            ClaimWrite.Written when change.After is null => null,
            ClaimWrite.Written written => written.Claim,
            ClaimWrite.Conflict conflict => conflict.Current,
            _ => null,
        };
        if (outcome is ClaimWrite.Written) filter.Wrote(change);
        if (stands is null) book.Remove(change.Address);
        else book.Put(stands);
        return outcome is ClaimWrite.Written ? ClaimsWritten.Done : ClaimsWritten.Conflicted;
    }
}
