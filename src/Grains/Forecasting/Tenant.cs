using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Forecasting;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Services;

namespace OrleansLb.Grains.Forecasting;

/// <summary>A service in a forecast.</summary>
internal sealed class Tenant(ServiceRequest request, IAddressBooks books)
{
    /// <summary>What it asks for; an edit of the service changes it.</summary>
    public ServiceRequest Request { get; set; } = request;

    public ServiceAddresses Addresses { get; } = new(books, request.Service);

    public EquatableList<Address> Now => Addresses.Holdings.Select(holding => holding.Address).ToEquatableList();

    /// <summary>Takes up what the service has, and settles it.</summary>
    public async Task Begin(ClusterConfiguration configuration)
    {
        await Addresses.Recall(Request, configuration);
        await Settle(configuration);
    }

    public async Task Settle(ClusterConfiguration configuration)
    {
        await Addresses.Settle(Request, configuration);
        await Addresses.LetGoOfOthers(Request.Uid);
    }

    public ServiceOutlook Outlook(EquatableList<Address> had, ClusterConfiguration configuration) =>
        new(Request.Service, had, Now, Judge(had, configuration), Addresses.Message);

    private AddressOutlook Judge(EquatableList<Address> had, ClusterConfiguration configuration)
    {
        var now = Now;
        if (had.Count == 0) return now.Count == 0 ? AddressOutlook.Pending : AddressOutlook.Gained;
        if (had.Any(address => !now.Contains(address))) return now.Count < had.Count ? AddressOutlook.Lost : AddressOutlook.Changed;
        if (!Addresses.IsAssigned || now.Any(address => !configuration.Pools.Any(pool => pool.Contains(address)))) return AddressOutlook.KeptForNow;
        return now.Count > had.Count ? AddressOutlook.Gained : AddressOutlook.Kept;
    }
}
