using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Lab.Network;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>
/// Stories about layer 2 under stress: in each the witness tells who answered for which address when, and no address may have two holders or none.
/// </summary>
internal static class SegmentScenarios
{
    private const int ManyAddresses = 500;
    private const int Flaps = 4;

    /// <summary>
    /// How long two nodes may answer for one address at a hand-over: until the frame of the new one has come to the old one, on a machine that is busy.
    /// </summary>
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(250);

    /// <summary>The same when the old holder is cut off from the cluster and has only the wire to learn from (docs/decisions/0021).</summary>
    private static readonly TimeSpan CutOffWindow = TimeSpan.FromMilliseconds(1500);

    /// <summary>The same at a planned hand-over, where both live: until the old one's plan has come, on a machine that is busy.</summary>
    private static readonly TimeSpan PlannedWindow = TimeSpan.FromSeconds(1);

    /// <summary>How long an address whose node is lost may go unanswered on a machine that is busy; the usual is a tenth of a second.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(3);

    private static readonly Address FirstOfPool = Address.Parse("192.168.0.160");
    private static readonly TimeSpan FreezeTime = TimeSpan.FromSeconds(10);

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("ipv6", "a Service with an IPv6 address, its node killed, the node back",
            (stage, cancellation) => Watched(stage, "ipv6", KillAndReturn, cancellation)),
        new("dual", "a Service with an address of each family: one node has both, and both go to one heir",
            (stage, cancellation) => Watched(stage, "dual", KillAndReturn, cancellation)),
        new("link-down", "a node's carrier drops and comes back while its speaker lives",
            (stage, cancellation) => Watched(stage, "dual", LinkDown, cancellation)),
        new("flap", "a node comes and goes, again and again: its addresses leave it once and do not dance",
            (stage, cancellation) => Watched(stage, "dual", (played, stop) => played.Flap(Flaps, stop), cancellation)),
        new("partition", "a node cut off from the cluster but not from the clients; then the whole control plane gone",
            (stage, cancellation) => Watched(stage, "dual", Partition, cancellation, CutOffWindow)),
        new("freeze", "a speaker frozen for ten seconds, which wakes when its addresses are another's",
            (stage, cancellation) => Watched(stage, "dual", (played, stop) => played.Freeze(FreezeTime, stop), cancellation)),
        new("conflict", "a foreign host has an address before its first use, and another comes up with one in use", Conflict),
        new("conflict-vrrp", "a keepalived that is none of ours becomes master for an address in use (needs network namespaces)", ConflictWithKeepalived),
        new("conflict-policy", "foreign hosts take an address whose Service then moves, and one that is left to them", ConflictPolicies),
        new("drain", "a node is drained, used again and given its services back under a client that fetches without a pause: no request is lost",
            (stage, cancellation) => Watched(stage, "dual", (played, stop) => played.DrainUnderLoad(stop), cancellation, PlannedWindow)),
        new("mass", "a node with 500 addresses dies", Mass),
    ];

    private static async Task Watched(LabStage stage, string manifest, Func<LabStage, CancellationToken, Task> play, CancellationToken cancellation,
        TimeSpan? window = null)
    {
        await stage.Apply(manifest, cancellation);
        await stage.ExpectServed(cancellation);
        await stage.Watch(cancellation);
        await play(stage, cancellation);
        stage.ExpectOneHolder(window ?? Window, Silence);
    }

    private static async Task KillAndReturn(LabStage stage, CancellationToken cancellation)
    {
        var killed = await stage.KillBusiestNode(cancellation);
        await stage.ReturnNode(killed, cancellation);
    }

    private static async Task LinkDown(LabStage stage, CancellationToken cancellation)
    {
        var node = await stage.DropCarrier(cancellation);
        await stage.RestoreCarrier(node, cancellation);
    }

    private static async Task Partition(LabStage stage, CancellationToken cancellation)
    {
        await stage.CutOffOne(cancellation);
        await stage.CutOffAll(cancellation);
    }

    /// <summary>An address that has changed hands is in use beyond doubt: who claims one that is only just announced may have had it before.</summary>
    private static async Task Conflict(LabStage stage, CancellationToken cancellation)
    {
        await stage.FindStranger("orleanslb", FirstOfPool, cancellation);
        await stage.KillBusiestNode(cancellation);
        await stage.Watch(cancellation);
        await stage.MeetStranger(cancellation);
        stage.ExpectOneHolder(Window, Silence);
    }

    private static async Task ConflictWithKeepalived(LabStage stage, CancellationToken cancellation)
    {
        await stage.Apply("orleanslb", cancellation);
        await stage.ExpectServed(cancellation);
        await stage.OutlastFirstUse(cancellation);
        await stage.Watch(cancellation);
        await stage.MeetKeepalived(cancellation);
        stage.ExpectOneHolder(Window, Silence);
    }

    private static async Task ConflictPolicies(LabStage stage, CancellationToken cancellation)
    {
        await stage.Apply("conflict", cancellation);
        await stage.ExpectServed(cancellation);
        await stage.OutlastFirstUse(cancellation);
        await stage.Watch(cancellation);
        await stage.MoveFromStranger(new("default", "mover"), cancellation);
        await stage.YieldToStranger(new("default", "yielder"), cancellation);
        stage.ExpectOneHolder(Window, LabPlan.YieldRecheck + Silence);
    }

    private static async Task Mass(LabStage stage, CancellationToken cancellation)
    {
        await stage.Apply("mass", cancellation);
        await stage.CreateMany(ManyAddresses, cancellation);
        await stage.Watch(cancellation);
        await stage.KillNodeOfMany(cancellation);
        stage.ExpectOneHolder(Window, Silence);
    }
}
