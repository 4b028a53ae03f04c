using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Core.Pools;

/// <summary>Which addresses of a pool a service may get that asks for none by name.</summary>
internal static class UnaskedAddresses
{
    public static bool GivesUnasked(this AddressPool pool, Address address) =>
        pool.Contains(address) && HostAddresses.Has(address) && !pool.Avoids(address);

    /// <summary>Given to nobody but who has it already, or for whom it is reserved.</summary>
    public static bool Avoids(this AddressPool pool, Address address) => pool.AvoidBuggyAddresses && BuggyAddress.Is(address);
}
