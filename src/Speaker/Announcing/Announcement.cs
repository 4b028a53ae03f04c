using System.Diagnostics;
using OrleansLb.Core;
using OrleansLb.Core.Announcements;

namespace OrleansLb.Speaker.Announcing;

/// <summary>An address that is assigned to this node, and where it is announced.</summary>
internal sealed class Announcement(Assignment assignment)
{
    public Assignment Assignment { get; set; } = assignment;

    /// <summary>The interfaces that answer for it; empty when none fits.</summary>
    public EquatableList<string> Interfaces { get; set; }

    /// <summary>Has its first frame left since it was last assigned or moved.</summary>
    public bool Told { get; set; }

    /// <summary>From the plan to the first frame.</summary>
    public Activity? Span { get; set; }
}
