using System.Globalization;
using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Manifests;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Records.Statuses;

/// <summary>
/// Writes a node's entry into the status of an object of OpenELB, and leaves the other nodes' alone. Its password is not repeated there, and messages are not
/// counted: each would be worth a write.
/// </summary>
internal sealed class StatusEntries(ApiClient client)
{
    public Task Put(StatusObject wanted, CancellationToken cancellation) => Merge(wanted.Subject, wanted switch
    {
        StatusObject.OpenElbPeer peer => new() { ["peerState"] = PeerState(peer), ["timersState"] = Timers(peer) },
        StatusObject.OpenElbConf conf => new() { ["routerId"] = conf.RouterId.ToString(), ["as"] = conf.Asn },
        _ => throw new ArgumentException($"{wanted.Subject.Kind} has an object of its own.", nameof(wanted)),
    }, cancellation);

    public Task Delete(StatusSubject subject, CancellationToken cancellation) => Merge(subject, null, cancellation);

    public async Task<IEnumerable<StatusSubject>> Standing(StatusKind kind, NodeName? node, CancellationToken cancellation)
    {
        var list = await client.List(StatusKinds.TypeOf(kind), new(), cancellation);
        return (list.Items ?? [])
            .SelectMany(item => ((item.Root["status"] as Mapping)?[FieldOf(kind)] as Mapping)?.Fields
                .Select(entry => new StatusSubject(kind, new(entry.Name), item.Metadata.Name)) ?? [])
            .Where(subject => node is null || subject.Node == node);
    }

    private Task<CustomObject> Merge(StatusSubject subject, JsonObject? entry, CancellationToken cancellation) => client.GivingWay.Patch(
        StatusKinds.TypeOf(subject.Kind), new(null, subject.Of, "status"),
        Patch.Merge(new() { ["status"] = new JsonObject { [FieldOf(subject.Kind)] = new JsonObject { [subject.Node.Value] = entry } } }), cancellation);

    private static string FieldOf(StatusKind kind) => kind == StatusKind.OpenElbPeer ? "nodesPeerStatus" : "nodesConfStatus";

    // What is known no more is named with nothing, for a merge removes only what it names.
    private static JsonObject PeerState(StatusObject.OpenElbPeer peer) => new()
    {
        ["neighborAddress"] = peer.Status.Address?.ToString(),
        ["localAs"] = peer.Status.LocalAsn,
        ["peerAs"] = peer.Status.RemoteAsn,
        ["peerType"] = peer.Status.RemoteAsn is { } asn ? asn == peer.Status.LocalAsn ? 0 : 1 : null,
        ["routerId"] = peer.Status.RemoteId?.ToString(),
        ["adminState"] = "UP",
        ["sessionState"] = peer.Health == SessionHealth.Unknown ? "UNKNOWN" : peer.Status.State.ToString().ToUpperInvariant(),
        ["flops"] = peer.Status.Flaps,
    };

    private static JsonObject Timers(StatusObject.OpenElbPeer peer) => new()
    {
        ["negotiatedHoldTime"] = Seconds(peer.Status.HoldTime),
        ["keepaliveInterval"] = Seconds(peer.Status.KeepaliveTime),
        ["uptime"] = peer.Health == SessionHealth.Established ? StatusTranslator.Time(peer.Since) : null,
        ["downtime"] = peer.Health == SessionHealth.Down ? StatusTranslator.Time(peer.Since) : null,
    };

    private static string? Seconds(TimeSpan? time) => time?.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
