using OrleansLb.Silo.Hosting;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Routers;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>
/// <c>orleanslb lab --processes</c>: the product as a cluster runs it, a process on each node. Sets the stage, plays a
/// scenario, strikes the stage whatever happened.
/// </summary>
internal sealed class ProcessLab(ProcessScenario scenario, LabPlan plan, ProcessSettings settings, Narrator narrator, TimeProvider time)
{
    public async Task<ProcessReport> Play(CancellationToken cancellation)
    {
        RequireClusters("lab --processes");
        if (scenario.NeedsRouter && RouterProgram.Missing(settings.Router) is { } missing) throw new OperatorException(missing);
        narrator.Step($"Building {plan.Nodes.Count} nodes, a client and a machine for the Kubernetes API, on one segment of network namespaces");
        await using var network = await Make(cancellation);
        narrator.Step("Starting a process on each node");
        await using var cluster = await ProcessCluster.Start(network, settings.Http, scenario.Options, cancellation, settings.Logs);
        narrator.Say($"the API is at {cluster.Api.Local}; its siloclusters and leases are the membership");
        var stage = new ProcessStage(cluster, narrator, time);
        var ok = await Tell(stage, cancellation);
        return new(ok, ProductVersion.Build, plan.Nodes.Count, stage.Faults, stage.Loop, stage.Routers);
    }

    /// <summary>Says what is missing where this build has no clusters.</summary>
    /// <param name="command">What needs them.</param>
    public static void RequireClusters(string command)
    {
        if (!GrainHosting.CanCluster)
            throw new OperatorException($"{command} needs the product build: a process on each node is a cluster, and clusters need Microsoft Orleans. Build "
                + "with LB_BUILD=product, with a package registry that has Microsoft.Orleans.Server.");
    }

    private async Task<NamespaceNetwork> Make(CancellationToken cancellation)
    {
        try
        {
            return await NamespaceNetwork.Create(plan, cancellation);
        }
        catch (NotPermittedException forbidden)
        {
            throw new OperatorException($"lab --processes needs network namespaces, so root on Linux: {forbidden.Message}", forbidden);
        }
    }

    private async Task<bool> Tell(ProcessStage stage, CancellationToken cancellation)
    {
        try
        {
            await scenario.Play(stage, settings, cancellation);
            return true;
        }
        catch (UnexpectedException unexpected)
        {
            narrator.Diagnosed(unexpected.Message, await new ProcessDiagnosis(stage.Cluster).Find());
            narrator.Failed($"\n   expected: {unexpected.Expected}\n   seen:     {unexpected.Seen}");
            return false;
        }
    }
}
