using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Speaker.Announcing;
using OrleansLb.Speaker.Fencing;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Speaker;

/// <summary>How a node's layer 2 speaker behaves.</summary>
public sealed record L2SpeakerOptions
{
    public required NodeName Node { get; init; }

    /// <summary>The only interfaces to use; empty: every one that can be used.</summary>
    public EquatableList<string> Interfaces { get; init; }

    /// <summary>Interfaces that are not used, by name or pattern, whatever the configuration says.</summary>
    public EquatableList<InterfaceSelector> ExcludedInterfaces { get; init; }

    public AnnouncementOptions Announcement { get; init; } = new();

    public ProbeOptions Probe { get; init; } = new();

    public FencingOptions Fencing { get; init; } = new();

    public AskerLimitOptions AskerLimits { get; init; } = new();

    /// <summary>Pings of announced addresses are answered.</summary>
    public bool AnswerPings { get; init; } = true;

    /// <summary>What to do about another host that claims an announced address, where its advertisement does not say.</summary>
    public ConflictPolicy OnConflict { get; init; }

    /// <summary>How often an address that was yielded by policy is tried again (RFC 5227 §2.1.1, RATE_LIMIT_INTERVAL).</summary>
    public TimeSpan YieldRecheck { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often the cluster is asked whether an address is this node's still that had no interface for a while.</summary>
    public TimeSpan RegainInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an address that the kernel is to bear stands there without being renewed. Renewed after a third of it.</summary>
    public TimeSpan BearLifetime { get; init; } = TimeSpan.FromSeconds(9);

    /// <summary>How often the cluster is told what has come of each address.</summary>
    public TimeSpan CountInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long an address must go on being announced here after another host has claimed it, before that counts as a conflict and no hand-over.
    /// </summary>
    public TimeSpan HandOverGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Another holder of one address is reported once in this time (RFC 5227 §2.4, DEFEND_INTERVAL).</summary>
    public TimeSpan ConflictInterval { get; init; } = TimeSpan.FromSeconds(10);
}
