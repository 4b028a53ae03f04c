using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Pools;

namespace OrleansLb.Grains.Services;

/// <summary>Which strangers were heard to claim addresses of a service, for as long as that counts.</summary>
internal sealed class ConflictMemory(TimeSpan counts)
{
    private readonly SortedDictionary<Address, (AddressConflict Conflict, DateTimeOffset Until)> _claims = [];

    /// <summary>Who claims what, in words; null when nobody does.</summary>
    public string? Message => _claims.Count > 0 ? string.Join(' ', _claims.Values.Select(claim => Describe(claim.Conflict))) : null;

    /// <summary>An address that was left to the stranger stands until it is announced again.</summary>
    public void Note(AddressConflict conflict, DateTimeOffset now) =>
        _claims[conflict.Address] = (conflict, conflict.Yielded ? DateTimeOffset.MaxValue : now + counts);

    /// <summary>A node announces the address: it is not left to a stranger any more.</summary>
    public void Announced(Address address)
    {
        if (_claims.TryGetValue(address, out var claim) && claim.Conflict.Yielded) _claims.Remove(address);
    }

    /// <summary>True when a claim counts no more.</summary>
    public bool Expire(DateTimeOffset now, EquatableList<Holding> held)
    {
        var over = _claims.Where(claim => claim.Value.Until <= now || !held.Any(holding => holding.Address == claim.Key)).Select(claim => claim.Key).ToList();
        foreach (var address in over) _claims.Remove(address);
        return over.Count > 0;
    }

    private static string Describe(AddressConflict conflict) =>
        $"{conflict.Holder} on interface {conflict.Interface} of node {conflict.Node} claims "
            + $"{conflict.Address}{(conflict.Yielded ? ", and has it until it is free again" : " too")}; find that host and take the address from it.";
}
