using OrleansLb.Core;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>One of the stories that the lab of processes can tell.</summary>
/// <param name="Options">What a node's process is told besides the usual.</param>
internal sealed record ProcessScenario(string Name, string Summary, Func<ProcessStage, ProcessSettings, CancellationToken, Task> Play,
    Func<NodeName, string[]> Options)
{
    public static IReadOnlyList<ProcessScenario> All { get; } =
    [
        new("faults", "every way in which a node can fail, each with its times (the default with --processes)",
            static (stage, _, cancellation) => new FaultStory(stage).Play(cancellation), static _ => []),
        new("kill-loop", "processes are killed in the midst of allocations, elections and hand-overs, --rounds times: no address is given twice, lost or "
            + "left without an announcer", static (stage, settings, cancellation) => new KillLoop(stage, settings.Rounds, settings.Seed).Play(cancellation),
                static _ => []),
        new("two-clusters", "processes of two cluster ids on one segment and one API do not see each other",
            static (stage, _, cancellation) => new TwoClusters(stage).Play(cancellation), TwoClusters.OptionsOf),
    ];
}
