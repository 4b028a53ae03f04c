using Microsoft.Extensions.Logging;
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
internal sealed class ClaimWriter(PoolBook book, IClaimStore store, FeedFilter filter, ILogger logger)
{
    private readonly Dictionary<Address, ClaimFlight> _inFlight = [];

    /// <summary>Why the last write did not reach the record; empty when it did.</summary>
    public string Fault { get; private set; } = "";

    public bool IsInFlight(Address address) => _inFlight.ContainsKey(address);

    /// <summary>Done when no write is under way any more of those that are now.</summary>
    public Task WhenLanded() => Task.WhenAll(_inFlight.Values.Select(flight => flight.Ended));

    /// <summary>Judges what the feed says of an address: now, or when the write that is under way there has ended.</summary>
    public void Judge(AddressClaim heard, Action judge)
    {
        if (_inFlight.TryGetValue(heard.Address, out var flight)) flight.Defer(heard, judge);
        else judge();
    }

    /// <summary>A write under way that must end before these changes may be written; null when there is none.</summary>
    public Task? InFlight(EquatableList<ClaimChange> changes) =>
        changes.Select(change => _inFlight.GetValueOrDefault(change.Address)?.Ended).FirstOrDefault(task => task is not null);

    /// <summary>A write under way after which the service may hold something else than by the books; null when there is none.</summary>
    public Task? InFlight(ServiceName service) => _inFlight.Values.FirstOrDefault(flight => flight.Concerns(service))?.Ended;

    /// <summary>Likewise for changes that serve a request: what the service holds by the books may still be on its way to the record.</summary>
    public Task? InFlight(EquatableList<ClaimChange> changes, AllocationRequest request) =>
        InFlight(changes)
            ?? book.HeldBy(request.Service).Select(address => _inFlight.GetValueOrDefault(address)?.Ended).FirstOrDefault(task => task is not null);

    public async Task<ClaimsWritten> Write(EquatableList<ClaimChange> changes)
    {
        if (changes.Count == 0) return ClaimsWritten.Done;
        var outcomes = await Task.WhenAll(changes.Select(Write));
        return outcomes.Contains(ClaimsWritten.Unavailable) ? ClaimsWritten.Unavailable : outcomes.Max();
    }

    private async Task<ClaimsWritten> Write(ClaimChange change)
    {
        var flight = new ClaimFlight(change);
        _inFlight.Add(change.Address, flight);
        if (change.After is { } after) book.Put(after);
        try
        {
            var outcome = await Send(change);
            Tell("");
            return Settle(change, outcome);
        }
        catch (RecordUnavailableException away)
        {
            Tell(away.Message);
            Settle(change, new ClaimWrite.Conflict(change.Before));
            return ClaimsWritten.Unavailable;
        }
        finally
        {
            _inFlight.Remove(change.Address);
            flight.End();
        }
    }

    /// <summary>Says once when writing begins to fail, and once when it works again.</summary>
    private void Tell(string fault)
    {
        var (failed, fails) = (Fault.Length > 0, fault.Length > 0);
        Fault = fault;
        if (fails && !failed) logger.ClaimsNotWritten(book.Name, fault);
        if (failed && !fails) logger.ClaimsWrittenAgain(book.Name);
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
