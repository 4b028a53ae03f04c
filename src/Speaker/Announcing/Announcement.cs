using System.Diagnostics;
using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Speaker.Announcing;

/// <summary>An address that is assigned to this node, and how and where it is announced.</summary>
internal sealed class Announcement(Assignment assignment, Standing standing)
{
    private readonly Dictionary<string, HeldAddress> _places = [];

    public Assignment Assignment { get; private set; } = assignment;

    /// <summary>The askers that are this node's, where several nodes answer; null: all of them.</summary>
    public AskerShare? Share { get; private set; }

    public Standing Standing { get; private set; } = standing;

    /// <summary>The interfaces that answer for it; empty when none fits.</summary>
    public EquatableList<string> Interfaces { get; set; }

    /// <summary>The devices that this process has put it on.</summary>
    public EquatableList<string> BorneOn { get; set; } = [];

    /// <summary>Has its first frame left since it was last assigned or moved.</summary>
    public bool Told { get; set; }

    /// <summary>When it was last told for the first time; null before.</summary>
    public DateTimeOffset? Since { get; set; }

    /// <summary>When it was found free and first used; null for one that was taken over.</summary>
    public TimeSpan? FirstUsed { get; set; }

    public int ProbesSent { get; set; }

    /// <summary>When a yielded address is tried again.</summary>
    public TimeSpan? ResumeAt { get; set; }

    /// <summary>How long it is left to the other holder at a time.</summary>
    public TimeSpan YieldedFor { get; set; }

    /// <summary>What keeps it from being announced as it should be, in words; null: nothing does.</summary>
    public string? Remark { get; set; }

    /// <summary>From the plan to the first frame.</summary>
    public Activity? Span { get; set; }

    /// <summary>The hardware addresses of its own that it is told with, by interface.</summary>
    public EquatableList<MacAddress?> ToldMacs => Interfaces.Select(name => On(name).VirtualMac).ToEquatableList();

    public long Answered => _places.Values.Sum(held => held.Answered);

    public long Claimed => _places.Values.Sum(held => held.Claimed);

    /// <summary>How the responder of an interface sees it; the same for as long as it is assigned, so that its counters go on.</summary>
    public HeldAddress On(string interfaceName)
    {
        if (!_places.TryGetValue(interfaceName, out var held)) _places[interfaceName] = held = new() { Role = Role, Share = Share };
        return held;
    }

    /// <summary>Takes what the plan says now; true when that changes who is answered.</summary>
    public bool Take(Assignment assignment, NodeName self)
    {
        var sharersChanged = assignment.Sharers != Assignment.Sharers || (Share is null && assignment.Sharers.Count > 1);
        Assignment = assignment;
        if (!sharersChanged) return false;
        Share = assignment.Sharers.Count > 1 ? new(assignment.Address, self, assignment.Sharers) : null;
        foreach (var held in _places.Values) held.Share = Share;
        return true;
    }

    public void Stand(Standing standing)
    {
        Standing = standing;
        foreach (var held in _places.Values) held.Role = Role;
    }

    private AddressRole Role => Standing switch
    {
        Standing.Announced => AddressRole.Answered,
        Standing.Probing or Standing.Reclaiming => AddressRole.Probed,
        _ => AddressRole.Silent,
    };
}
