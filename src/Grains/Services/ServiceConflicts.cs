using OrleansLb.Core;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Services;

namespace OrleansLb.Grains.Services;

/// <summary>How a service deals with hosts that use an address of its.</summary>
internal sealed class ServiceConflicts(IGrainFactory grains, ServiceAddresses addresses, ServiceAnnouncer announcer, ServiceRecord record,
    ConflictMemory memory)
{
    /// <summary>Takes note of a claim; true when it is a stranger's, of an address in use.</summary>
    public async Task<bool> Note(AddressConflict conflict, DateTimeOffset now)
    {
        if (!conflict.InUse || Home(conflict) is null || await grains.NodeDirectory().OwnerOf(conflict.Holder) is not null) return false;
        memory.Note(conflict, now);
        if (conflict.Yielded) announcer.Yielded(conflict);
        return true;
    }

    /// <summary>True: the service has to be decided again. Null: the record cannot be reached, and the conflict is to be dealt with later.</summary>
    public async Task<bool?> Resolve(AddressConflict conflict, ServiceRequest request)
    {
        if (Home(conflict) is not { } pool) return false;
        var configured = (await grains.Configuration().Current()).Pools.FirstOrDefault(known => known.Name == pool);
        var response = ConflictRules.Respond(conflict, request, configured, await grains.NodeDirectory().OwnerOf(conflict.Holder));
        if (Home(conflict) is null || response == ConflictResponse.Stay) return false;
        if (response == ConflictResponse.Move) return await Move(conflict, request, pool);
        await announcer.Insist(conflict.Address);
        return false;
    }

    private async Task<bool?> Move(AddressConflict conflict, ServiceRequest request, PoolName pool)
    {
        if (!await grains.Pool(pool).Quarantine(conflict)) return null;
        record.Warn(request, Reason.AddressTaken, $"{conflict.Address} is used by another host: {conflict.Holder} answered for it on interface "
            + $"{conflict.Interface} of node {conflict.Node}. It is in quarantine, and the service is to have another one.");
        if (!conflict.InUse) addresses.Lose(conflict.Address);
        return true;
    }

    /// <summary>The pool of the address, while the service has it and that node is to announce it.</summary>
    private PoolName? Home(AddressConflict conflict)
    {
        foreach (var holding in addresses.Holdings)
        {
            if (holding.Address == conflict.Address && announcer.Needs(conflict.Node, conflict.Address)) return holding.Pool;
        }
        return null;
    }
}
