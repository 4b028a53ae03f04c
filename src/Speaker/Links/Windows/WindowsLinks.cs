using System.Net.NetworkInformation;
using System.Runtime.CompilerServices;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker.Links.Windows;

/// <summary>The interfaces of a Windows machine: told by the system, opened as <paramref name="opener"/> does.</summary>
public sealed class WindowsLinks(TimeProvider time, ILinkOpener opener) : ILinkProvider
{
    /// <summary>In a storm of events the tables are read at most this often; a lone event is followed at once.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(20);

    /// <inheritdoc/>
    /// <remarks>
    /// Each event only says that something changed; all is then read, so that no lost event can leave a wrong picture. A team of adapters
    /// that has failed over shows no sign of it here.
    /// </remarks>
    public async IAsyncEnumerable<LinksChange> Watch([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var changes = new WindowsChanges();
        var told = Read();
        yield return new(told, []);
        while (await changes.Next(cancellation))
        {
            var links = Read();
            if (links != told) yield return new(told = links, []);
            await Task.Delay(Settle, time, cancellation);
        }
    }

    public ILink Open(string name, LinkTraffic traffic)
    {
        var link = Read().Links.FirstOrDefault(each => each.Name == name) ?? throw new LinkException($"There is no interface '{name}'.");
        return opener.Open(HostNetwork.Instance, new(name, link.Index, new MacAddress(link.Mac.Value)), traffic);
    }

    public void Bear(string name, Address address, TimeSpan lifetime) => throw NotBorne(address);

    public void Release(string name, Address address) => throw NotBorne(address);

    /// <summary>Reads the interfaces once.</summary>
    public static NodeLinks Read() => Combine(NetworkInterface.GetAllNetworkInterfaces().Select(AdapterRow.Read), IpHelper.ReadRoutes());

    internal static NodeLinks Combine(IEnumerable<AdapterRow> adapters, IEnumerable<ForwardRow> routes)
    {
        var routed = routes.ToLookup(route => route.Interface, route => route.Destination);
        return new(adapters.OrderBy(adapter => adapter.Name, StringComparer.Ordinal).Select(adapter => adapter.ToLinkState(routed[adapter.Index]))
            .ToEquatableList());
    }

    private static LinkException NotBorne(Address address) =>
        new($"{address} cannot be put on an interface: on Windows an address has no lifetime that would take it off again should this process be killed. Let "
            + "the speaker answer for it.");
}
