using OrleansLb.Core;

namespace OrleansLb.Client;

/// <summary>Finds the grains that programs may call, so that nobody spells a key.</summary>
public static class ClientGrains
{
    /// <summary>Which address a Service has, and who announces it.</summary>
    public static IServiceDirectoryGrain ServiceDirectory(this IGrainFactory grains) => Only<IServiceDirectoryGrain>(grains);

    /// <summary>Addresses for Services that are to come.</summary>
    public static IReservationGrain Reservations(this IGrainFactory grains) => Only<IReservationGrain>(grains);

    /// <summary>Moves and drains.</summary>
    public static IOperatorGrain Operator(this IGrainFactory grains) => Only<IOperatorGrain>(grains);

    private static TGrain Only<TGrain>(IGrainFactory grains)
        where TGrain : IGrainWithStringKey
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain<TGrain>(ClusterKey.Value);
    }
}
