using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Speaker.Links.Linux.Netlink;

/// <summary>Links, addresses and routes as the kernel dumped them.</summary>
internal sealed record LinkTable(IReadOnlyList<LinkRow> Links, IReadOnlyList<AddressRow> Addresses, IReadOnlyList<RouteRow> Routes)
{
    /// <summary>Dumps once more for as long as the tables change under the dump.</summary>
    public static LinkTable Read(NetlinkSocket socket)
    {
        while (true)
        {
            var links = new List<LinkRow>();
            var addresses = new List<AddressRow>();
            var routes = new List<RouteRow>();
            var consistent = DumpLinks(socket, links)
                & socket.Dump(NetlinkType.GetAddress, new byte[8], message => Add(addresses, AddressRow.Read(message.Payload)))
                & DumpRoutes(socket, NetlinkPrefix.Inet, routes)
                & DumpRoutes(socket, NetlinkPrefix.Inet6, routes);
            if (consistent) return new(links, addresses, routes);
        }
    }

    public static LinkRow? Find(NetlinkSocket socket, string name)
    {
        var links = new List<LinkRow>();
        DumpLinks(socket, links);
        return links.Find(link => link.Name == name);
    }

    /// <param name="arpIgnore">The setting of each usable interface.</param>
    public NodeLinks ToNodeLinks(IReadOnlyDictionary<string, int> arpIgnore)
    {
        var borne = Addresses.ToLookup(row => row.Interface);
        var routed =
            Routes.SelectMany(route => route.Interfaces.Select(index => (index, route.Destination))).ToLookup(route => route.index, route => route.Destination);
        return new(Links
            .OrderBy(link => link.Name, StringComparer.Ordinal)
            .Select(link => new LinkState(link.Name, link.Index, link.Usable, link.Mac,
                Sorted(borne[link.Index].Select(row => row.Connected)), Sorted(routed[link.Index]),
                borne[link.Index].Select(row => row.Address).Order().ToEquatableList(), arpIgnore.GetValueOrDefault(link.Name)))
            .ToEquatableList());
    }

    private static EquatableList<Prefix> Sorted(IEnumerable<Prefix> prefixes) =>
        prefixes.Distinct().OrderBy(prefix => prefix.Network).ThenBy(prefix => prefix.Length).ToEquatableList();

    private static bool DumpLinks(NetlinkSocket socket, List<LinkRow> links) =>
        socket.Dump(NetlinkType.GetLink, new byte[16], message => Add(links, LinkRow.Read(message.Payload)));

    private static bool DumpRoutes(NetlinkSocket socket, byte family, List<RouteRow> routes)
    {
        var header = new byte[RouteRow.HeaderLength];
        (header[0], header[4], header[7]) = (family, RouteRow.MainTable, RouteRow.Unicast);
        return socket.Dump(NetlinkType.GetRoute, header, message =>
        {
            if (message.Payload.Length > 0 && message.Payload[0] == family) Add(routes, RouteRow.Read(message.Payload));
        });
    }

    private static void Add(List<AddressRow> rows, AddressRow? row)
    {
        if (row is { } read) rows.Add(read);
    }

    private static void Add<T>(List<T> rows, T? row) where T : class
    {
        if (row is not null) rows.Add(row);
    }
}
