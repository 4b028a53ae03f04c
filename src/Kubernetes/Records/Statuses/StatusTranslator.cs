using System.Globalization;
using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Records.Statuses;

/// <summary>Translates status objects to what is written, and back to what they are about.</summary>
internal static class StatusTranslator
{
    /// <summary>The whole object, for server-side apply; a status that is a subresource is ignored in it and applied by itself.</summary>
    public static JsonObject Object(StatusObject status, string? ns, JsonArray? owners = null)
    {
        var resource = StatusKinds.TypeOf(status.Subject.Kind).Resource;
        var metadata = new JsonObject { ["name"] = StatusNames.Of(status.Subject) };
        if (resource.Namespaced) metadata["namespace"] = ns;
        metadata["labels"] = new JsonObject(StatusNames.Labels(status).Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value)));
        if (owners is not null) metadata["ownerReferences"] = owners;
        return new() { ["apiVersion"] = resource.ApiVersion, ["kind"] = resource.Kind, ["metadata"] = metadata, ["status"] = Status(status) };
    }

    /// <summary>What an object is about; null when it does not say.</summary>
    public static StatusSubject? Subject(StatusKind kind, CustomObject found)
    {
        if (found.Root.Text("status", "node") is not { Length: > 0 } node) return null;
        if (kind == StatusKind.BgpSession) return found.Root.Text("status", "peer") is { } peer ? new(kind, new(node), peer) : null;
        var (ns, name) = (found.Root.Text("status", "serviceNamespace"), found.Root.Text("status", "serviceName"));
        return ns is null || name is null ? null : new(kind, new(node), new ServiceName(ns, name).ToString());
    }

    private static JsonObject Status(StatusObject status) => status switch
    {
        StatusObject.BgpSession session => Session(session),
        StatusObject.ServiceBgp bgp => Service(bgp.Service, bgp.Node, "peers", [.. bgp.Peers.Select(peer => (JsonNode)peer)]),
        StatusObject.ServiceLayer2 layer2 =>
            Service(layer2.Service, layer2.Node, "interfaces", [.. layer2.Interfaces.Select(name => new JsonObject { ["name"] = name })]),
        _ => [],
    };

    private static JsonObject Service(ServiceName service, NodeName node, string list, JsonArray items) =>
        new() { ["node"] = node.Value, ["serviceName"] = service.Name, ["serviceNamespace"] = service.Namespace, [list] = items };

    private static JsonObject Session(StatusObject.BgpSession session)
    {
        var shown = new JsonObject
        {
            ["node"] = session.Node.Value,
            ["peer"] = session.Peer,
            ["state"] = session.State.ToString(),
            ["since"] = Time(session.Since),
        };
        if (session.Message.Length > 0) shown["message"] = session.Message;
        if (session.Status is { } status) Add(shown, status);
        return shown;
    }

    private static void Add(JsonObject shown, PeerStatus status)
    {
        if (status.Address is { } address) shown["address"] = address.ToString();
        shown["localASN"] = status.LocalAsn;
        if (status.RemoteAsn is { } asn) shown["remoteASN"] = asn;
        if (status.RemoteId is { } id) shown["remoteRouterID"] = id.ToString();
        if (status.HoldTime is { } hold) shown["holdTime"] = Seconds(hold);
        if (status.KeepaliveTime is { } keepalive) shown["keepaliveTime"] = Seconds(keepalive);
        shown["capabilities"] = Texts(status.Capabilities);
        shown["flaps"] = status.Flaps;
        if (status.LastError is { } error) shown["lastError"] = error;
        if (status.NotificationSent is { } sent) shown["lastNotificationSent"] = sent;
        if (status.NotificationReceived is { } received) shown["lastNotificationReceived"] = received;
        if (status.UpdateFault is { } fault) shown["lastUpdateFault"] = fault;
        shown["routesAdvertised"] = status.Advertised;
        shown["routesHeldBack"] = new JsonArray([.. status.HeldBack.Select(held => new JsonObject { ["reason"] = held.Reason, ["routes"] = held.Routes })]);
    }

    private static JsonArray Texts(EquatableList<string> texts) => [.. texts.Select(text => (JsonNode)text)];

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###}s");

    /// <summary>As the API writes times: to the second.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
