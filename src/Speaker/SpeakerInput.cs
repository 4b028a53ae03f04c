using OrleansLb.Core.Announcements;
using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Speaker;

/// <summary>What the speaker's one loop reacts to.</summary>
internal abstract record SpeakerInput
{
    private SpeakerInput()
    {
    }

    public sealed record Plan(PlanChange Change, TaskCompletionSource<PlanOutcome> Outcome) : SpeakerInput;

    public sealed record Links(LinksChange Change) : SpeakerInput;

    public sealed record Claim(Sighting Sighting) : SpeakerInput;

    /// <summary>The cluster has confirmed the plan, and lifted the fence that fell then (a timestamp), if one had.</summary>
    public sealed record Confirmed(long? FencedAt) : SpeakerInput;

    /// <summary>The cluster has confirmed a plan that has not come yet.</summary>
    public sealed record Promised(long AskedAt, long Version) : SpeakerInput;

    /// <summary>The process was found to have stood still, or the cluster gave the node up.</summary>
    public sealed record Fenced : SpeakerInput;

    /// <summary>Something is due.</summary>
    public sealed record Alarm : SpeakerInput;
}
