using OrleansLb.Core.Configuration;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Pools;

/// <summary>What a service does about a host that uses an address of its.</summary>
public enum ConflictResponse
{
    /// <summary>Goes on as before.</summary>
    Stay,

    /// <summary>Announces the address although somebody answered for it: that was a node of ours, on its way out.</summary>
    Insist,

    /// <summary>Gives the address up to quarantine and takes the next one.</summary>
    Move,
}

/// <summary>Decides it.</summary>
public static class ConflictRules
{
    /// <param name="pool">The pool of the address; null when it is not configured any more.</param>
    /// <param name="owner">The node of ours whose hardware address was heard; null for a stranger.</param>
    public static ConflictResponse Respond(AddressConflict conflict, ServiceRequest request, AddressPool? pool, NodeName? owner)
    {
        ArgumentNullException.ThrowIfNull(conflict);
        ArgumentNullException.ThrowIfNull(request);
        if (owner is not null) return conflict.InUse ? ConflictResponse.Stay : ConflictResponse.Insist;
        if (!conflict.InUse) return ConflictResponse.Move;
        return pool?.Conflicts.Move == true && !request.Addresses.Contains(conflict.Address) ? ConflictResponse.Move : ConflictResponse.Stay;
    }
}
