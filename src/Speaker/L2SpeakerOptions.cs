using OrleansLb.Core;
using OrleansLb.Speaker.Announcing;

namespace OrleansLb.Speaker;

/// <summary>How a node's layer 2 speaker behaves.</summary>
public sealed record L2SpeakerOptions
{
    public required NodeName Node { get; init; }

    /// <summary>The only interfaces to use; empty: every one that can be used.</summary>
    public EquatableList<string> Interfaces { get; init; }

    public AnnouncementOptions Announcement { get; init; } = new();

    /// <summary>Another holder of one address is reported once in this time (RFC 5227 §2.4, DEFEND_INTERVAL).</summary>
    public TimeSpan ConflictInterval { get; init; } = TimeSpan.FromSeconds(10);
}
