using OrleansLb.Core;
using OrleansLb.Silo.Lab.Routers;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>One of the stories that the lab of processes can tell.</summary>
/// <param name="Options">What a node's process is told besides the usual.</param>
internal sealed record ProcessScenario(string Name, string Summary, Func<ProcessStage, ProcessSettings, CancellationToken, Task> Play,
    Func<NodeName, string[]> Options)
{
    private const string WithRouter = "routers";

    /// <summary>It cannot be told without a router; the others can.</summary>
    public bool NeedsRouter => Name == WithRouter;

    public static IReadOnlyList<ProcessScenario> All { get; } =
    [
        new("everything", "the scenarios faults and routers, one after the other (the default with --processes)", Everything, static _ => []),
        new("faults", "every way in which a node can fail, each with its times",
            static (stage, _, cancellation) => new FaultStory(stage).Play(cancellation), static _ => []),
        new(WithRouter,
            "processes that peer with a real router (--router bird or frr) stop in order, die, freeze, lose their cable and are restarted one after "
            + "another: no prefix is ever without a next hop", static (stage, settings, cancellation) =>
                new RouterStory(stage, settings.Router).Play(cancellation), static _ => []),
        new("kill-loop", "processes are killed in the midst of allocations, elections and hand-overs, --rounds times: no address is given twice, lost or "
            + "left without an announcer", static (stage, settings, cancellation) => new KillLoop(stage, settings.Rounds, settings.Seed).Play(cancellation),
                static _ => []),
        new("two-clusters", "processes of two cluster ids on one segment and one API do not see each other",
            static (stage, _, cancellation) => new TwoClusters(stage).Play(cancellation), TwoClusters.OptionsOf),
    ];

    /// <summary>Without the router's programs its part is left out, and that is said.</summary>
    private static async Task Everything(ProcessStage stage, ProcessSettings settings, CancellationToken cancellation)
    {
        await new FaultStory(stage).Play(cancellation);
        if (RouterProgram.Missing(settings.Router) is { } missing) stage.Narrator.Step($"LEFT OUT, the part with a router: {missing}");
        else await new RouterStory(stage, settings.Router).Play(cancellation);
    }
}
