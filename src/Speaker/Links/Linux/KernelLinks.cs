using System.ComponentModel;
using System.Runtime.CompilerServices;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;
using OrleansLb.Speaker.Links.Linux.Netlink;

namespace OrleansLb.Speaker.Links.Linux;

/// <summary>The interfaces of a Linux network stack: told by rtnetlink, opened as <paramref name="opener"/> does.</summary>
public sealed class KernelLinks(INetworkScope scope, TimeProvider time, ILinkOpener opener) : ILinkProvider
{
    private const int NotThere = 99; // EADDRNOTAVAIL

    /// <summary>In a storm of events the tables are read at most this often; a lone event is followed at once.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(20);

    /// <summary>Likewise, opened by packet sockets.</summary>
    public KernelLinks(INetworkScope scope, TimeProvider time)
        : this(scope, time, PacketSocketOpener.Instance)
    {
    }

    /// <inheritdoc/>
    /// <remarks>Each event only says that something changed; the tables are then read whole, so that no lost event can leave a wrong picture.</remarks>
    public async IAsyncEnumerable<LinksChange> Watch([EnumeratorCancellation] CancellationToken cancellation)
    {
        using var events = NetlinkSocket.Open(scope, NetlinkGroups.LinksAddressesRoutes);
        using var dumps = NetlinkSocket.Open(scope, NetlinkGroups.None);
        var told = Read(dumps);
        yield return new(told, []);
        while (true)
        {
            var moved = new SortedSet<string>(StringComparer.Ordinal);
            await events.ReceiveEvents(message => NoteMove(message, moved), cancellation);
            var links = Read(dumps);
            if (links != told || moved.Count > 0) yield return new(told = links, moved.ToEquatableList());
            await Task.Delay(Settle, time, cancellation);
        }
    }

    public ILink Open(string name, LinkTraffic traffic)
    {
        using var dumps = NetlinkSocket.Open(scope, NetlinkGroups.None);
        return LinkTable.Find(dumps, name) is { } link
            ? opener.Open(scope, new(name, link.Index, new(link.Mac.Value), link.Kind), traffic)
            : throw new LinkException($"There is no interface '{name}'.");
    }

    public void Bear(string name, Address address, TimeSpan lifetime)
    {
        using var socket = NetlinkSocket.Open(scope, NetlinkGroups.None);
        Check(name, address, socket.Request(NetlinkType.NewAddress, BorneAddress.New(Index(socket, name), address, lifetime), NetlinkSocket.CreateOrReplace));
    }

    public void Release(string name, Address address)
    {
        using var socket = NetlinkSocket.Open(scope, NetlinkGroups.None);
        var error = socket.Request(NetlinkType.DeleteAddress, BorneAddress.Old(Index(socket, name), address), 0);
        if (error != NotThere) Check(name, address, error);
    }

    private static int Index(NetlinkSocket socket, string name) =>
        LinkTable.Find(socket, name)?.Index ?? throw new LinkException($"There is no interface '{name}'.");

    private static void Check(string name, Address address, int error)
    {
        if (error == 0) return;
        var cause = new Win32Exception(error);
        throw new LinkException($"Cannot change whether {name} bears {address}: {cause.Message}. It takes the capability CAP_NET_ADMIN "
            + "('securityContext.capabilities.add: [NET_ADMIN]' in a pod).", cause);
    }

    /// <summary>Reads the interfaces once.</summary>
    public NodeLinks Read()
    {
        using var dumps = NetlinkSocket.Open(scope, NetlinkGroups.None);
        return Read(dumps);
    }

    private NodeLinks Read(NetlinkSocket dumps)
    {
        var table = LinkTable.Read(dumps);
        var usable = table.Links.Where(link => link.Usable).Select(link => link.Name).Distinct().ToList();
        return table.ToNodeLinks(scope.Run(() => ArpSettings.ReadIgnore(usable)));
    }

    /// <summary>A carrier that was away only between two readings has moved too: the switch may have forgotten what is behind that port.</summary>
    private static void NoteMove(NetlinkMessage message, SortedSet<string> moved)
    {
        if (message.Type == NetlinkType.NewLink && LinkRow.Read(message.Payload) is { } link && (link.NotifyPeers || link.IsDown)) moved.Add(link.Name);
    }
}
