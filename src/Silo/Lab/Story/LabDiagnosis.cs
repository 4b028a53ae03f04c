using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Grains;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Status;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>
/// Everything that each part of the service believes at the moment in which an expectation was not met, from the API's objects to what routers were told, and
/// what was logged before: a story that fails once in a thousand runs has to explain itself.
/// </summary>
internal sealed class LabDiagnosis(LabService service, LabPlan plan)
{
    /// <summary>What is stuck may not answer either.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int MostServices = 20;

    /// <summary>What was found, in lines.</summary>
    /// <param name="applied">The Services that the story has applied, and may have deleted.</param>
    public async Task<IReadOnlyList<string>> Find(IEnumerable<ServiceName> applied)
    {
        var found = new List<string>();
        var names = applied.Take(MostServices).ToList();
        await Add(found, "the API's Services", () => Objects("/api/v1/services"));
        await Add(found, "the API's AddressClaims", () => Objects("/apis/orleanslb.io/v1alpha1/addressclaims"));
        await Add(found, "the reading of the API", async () => [$"{await service.Grains.Sync().Status()}"]);
        foreach (var name in names)
        {
            await Add(found, $"{name} as it was read", async () => [$"{await service.Grains.Sync().FindService(name)}"]);
            await Add(found, $"{name} in the index", async () => [$"{await service.Grains.ServiceIndex().Find(name)}"]);
            await Add(found, $"explain {name}", async () => [Line(await service.Get(StatusPaths.ExplanationOf(name), CancellationToken.None))]);
        }
        await Add(found, "the set of routes", Routes);
        foreach (var node in plan.Nodes) await Add(found, $"{node.Name}'s plan", () => Plan(new(node.Name)));
        await Add(found, "what the speakers have told their peers", async () =>
            ((await service.Get(StatusPaths.Bgp, CancellationToken.None))["nodes"]?.AsArray() ?? []).Select(node => Line(node!)));
        found.Add($"the last {service.RecentLog.Count} lines of the log:");
        found.AddRange(service.RecentLog.Select(line => $"  {line}"));
        return found;
    }

    private static async Task Add(List<string> found, string what, Func<Task<IEnumerable<string>>> ask)
    {
        found.Add($"{what}:");
        try
        {
            found.AddRange((await ask().WaitAsync(Patience)).Select(line => $"  {line}"));
        }
        catch (Exception unanswered)
        {
            found.Add($"  cannot be said ({unanswered.Message})");
        }
    }

    private async Task<IEnumerable<string>> Objects(string path)
    {
        var objects = (await service.Get(path, CancellationToken.None))["items"]?.AsArray() ?? [];
        foreach (var each in objects) each!["metadata"]?.AsObject().Remove("managedFields");
        return objects.Take(MostServices).Select(each => Line(each!)).Prepend($"{objects.Count}");
    }

    /// <summary>A node that reads the set already is given as the reader, so that the question leaves nothing behind.</summary>
    private async Task<IEnumerable<string>> Routes()
    {
        var step = await service.Grains.Routes().Since(new(plan.Nodes[0].Name), default);
        return step.Changed.Select(routable => $"{routable}").Prepend($"at {step.Position}, complete: {step.Complete}");
    }

    private async Task<IEnumerable<string>> Plan(NodeName node)
    {
        var status = await service.Grains.Node(node).Status();
        return
        [
            $"version {status.PlanVersion}, its speaker has {status.SpeakerVersion}, session {status.Session ?? "none"}, draining: {status.Draining}",
            $"addresses {status.Plan}",
            $"routes {status.Routes}",
            $"peers {status.Peers}",
        ];
    }

    private static string Line(JsonNode found) => found.ToJsonString();
}
