using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;
using Orleans.Runtime;

namespace OrleansLb.Kubernetes.Membership;

/// <summary>Where clients of the cluster may connect, from the membership in the Kubernetes API.</summary>
public sealed class KubernetesGatewayList(SiloTableStore store, IOptions<GatewayOptions> options) : IGatewayListProvider
{
    public TimeSpan MaxStaleness => options.Value.GatewayListRefreshPeriod;

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    public async Task<IList<Uri>> GetGateways()
    {
        var table = await store.Read(CancellationToken.None);
        return [.. table.Rows.Where(row => row.Status == nameof(SiloStatus.Active) && row.GatewayPort != 0).Select(Gateway)];
    }

    private static Uri Gateway(SiloRow row)
    {
        var silo = SiloAddress.FromParsableString(row.Address);
        return SiloAddress.New(silo.Endpoint.Address, row.GatewayPort, silo.Generation).ToGatewayUri();
    }
}
