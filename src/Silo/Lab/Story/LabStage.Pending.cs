using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Silo.Lab.Network;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>The part of the story about a Service that must wait, and about a restart.</summary>
internal sealed partial class LabStage
{
    /// <summary>The Service has no address, and its condition and an event name the pool that is missing and one that there is.</summary>
    public async Task ExpectPending(ServiceName name, string missing, string existing, CancellationToken cancellation)
    {
        var path = $"/api/v1/namespaces/{name.Namespace}/services/{name.Name}";
        bool Tells(string? message) =>
            message is not null && message.Contains(missing, StringComparison.Ordinal) && message.Contains(existing, StringComparison.Ordinal);
        var condition = await Eventually.See($"a condition of {name} that names the missing pool '{missing}' and the existing '{existing}'",
            async () =>
                Items(await service.Get(path, cancellation), "status", "conditions").Select(item => item["message"]?.GetValue<string>()).FirstOrDefault(Tells),
            async () => (await service.Get(path, cancellation))["status"]?.ToJsonString() ?? "no status", cancellation);
        narrator.Say($"{name} is pending: {condition}");
        var events = $"/api/v1/namespaces/{name.Namespace}/events?fieldSelector=involvedObject.name={name.Name}";
        await Eventually.See($"an event about {name} that names both",
            async () => Items(await service.Get(events, cancellation), "items").Select(item => item["message"]?.GetValue<string>()).FirstOrDefault(Tells),
            async () => (await service.Get(events, cancellation)).ToJsonString(), cancellation);
        narrator.Seen("an event of the Service says the same");
        var ingress = Items(await service.Get(path, cancellation), "status", "loadBalancer", "ingress");
        if (ingress.Any()) throw new UnexpectedException($"no address for {name}", string.Join(", ", ingress.Select(item => item.ToJsonString())));
    }

    public async Task MendPool(ServiceName name, string annotation, string pool, CancellationToken cancellation)
    {
        narrator.Step($"Mending the pool's name on {name}: {pool}");
        _created[name] = time.GetTimestamp();
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [annotation] = pool } } };
        await service.MergePatch($"/api/v1/namespaces/{name.Namespace}/services/{name.Name}", patch, cancellation);
    }

    /// <summary>Stops the service in order and starts it anew on the same data: every address must be as before.</summary>
    public async Task RestartService(CancellationToken cancellation)
    {
        narrator.Step("Restarting the service");
        var before = await Addresses();
        await service.Restart(cancellation);
        foreach (var (name, addresses) in before)
        {
            var after = await Eventually.See($"{name} announced again", () => Announced(name), () => Describe(name), cancellation);
            var now = string.Join(", ", after.Addresses);
            if (now != addresses) throw new UnexpectedException($"{name} to keep {addresses}", now.Length == 0 ? "no address" : now);
            foreach (var address in after.Addresses) await ExpectPage(address, after.Announcer!.Value, cancellation);
            narrator.Seen($"{name} has {now} as before, announced by {after.Announcer}");
        }
    }

    /// <summary>As kube-proxy in IPVS mode does: every service address becomes a local address of every node.</summary>
    public async Task BindToNodes(CancellationToken cancellation)
    {
        if (network is not NamespaceNetwork kernel) throw new OperatorException("the scenario needs network namespaces: run it as root on Linux.");
        narrator.Step("Binding the service addresses to every node, as kube-proxy in IPVS mode does");
        var bound = (await Announcers()).Keys.Order().ToList();
        await kernel.BindToNodes(bound, cancellation);
        foreach (var address in bound) narrator.Say($"{address} is a local address of every node now; 'ip route get {address}' there answers 'dev lo'");
    }

    private async Task<Dictionary<ServiceName, string>> Addresses() =>
        (await Status.Read()).Services.Where(summary => summary.IsAssigned)
            .ToDictionary(summary => summary.Service, summary => string.Join(", ", summary.Addresses));

    private static IEnumerable<JsonNode> Items(JsonNode root, params ReadOnlySpan<string> path)
    {
        JsonNode? at = root;
        foreach (var name in path) at = at?[name];
        return at?.GetValueKind() == JsonValueKind.Array ? at.AsArray().OfType<JsonNode>() : [];
    }
}
