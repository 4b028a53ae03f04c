using OrleansLb.Core.Addressing;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Speaker.Announcing;

/// <summary>
/// Foreign claims of announced addresses, held back for a while: at a hand-over the next holder speaks up just before this one is told to fall silent,
/// and that is no conflict. Each address is told of once in an interval.
/// </summary>
internal sealed class ConflictWatch(TimeSpan grace, TimeSpan interval)
{
    private readonly Dictionary<Address, (Sighting Sighting, TimeSpan Due)> _claims = [];
    private readonly Dictionary<Address, TimeSpan> _told = [];

    public TimeSpan? NextDue => _claims.Count == 0 ? null : _claims.Values.Min(claim => claim.Due);

    /// <summary>Takes note of a claim; one that is on hold already stays as it is.</summary>
    public void Note(Sighting sighting, TimeSpan now)
    {
        if (_told.TryGetValue(sighting.Address, out var told) && now - told < interval) return;
        _claims.TryAdd(sighting.Address, (sighting, now + grace));
    }

    /// <summary>The address is announced here no longer: it was a hand-over.</summary>
    public void Forget(Address address)
    {
        _claims.Remove(address);
        _told.Remove(address);
    }

    /// <summary>The claims that have outlasted the grace.</summary>
    public IReadOnlyList<Sighting> TakeDue(TimeSpan now)
    {
        var due = _claims.Values.Where(claim => claim.Due <= now).OrderBy(claim => claim.Sighting.Address).Select(claim => claim.Sighting).ToList();
        foreach (var sighting in due)
        {
            _claims.Remove(sighting.Address);
            _told[sighting.Address] = now;
        }
        return due;
    }
}
