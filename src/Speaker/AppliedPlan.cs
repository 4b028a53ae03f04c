using System.Collections.Immutable;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;

namespace OrleansLb.Speaker;

/// <summary>The plan that a speaker follows: a version, and what it is to announce. Version 0 is "none yet".</summary>
internal sealed record AppliedPlan(long Version, ImmutableDictionary<Address, Assignment> Assignments)
{
    public static AppliedPlan None { get; } = new(0, ImmutableDictionary<Address, Assignment>.Empty);

    /// <summary>The step from one plan to the next.</summary>
    /// <param name="Changed">Assigned from now on, or assigned anew.</param>
    /// <param name="Withdrawn">Assigned no longer.</param>
    public sealed record Step(PlanOutcome Outcome, AppliedPlan Plan, ImmutableArray<Assignment> Changed, ImmutableArray<Address> Withdrawn);

    public Step Apply(PlanChange change) =>
        change.Version <= Version ? Refuse(PlanOutcome.Stale)
        : change.From is { } from && from != Version ? Refuse(PlanOutcome.Gap)
        : Follow(change);

    private Step Refuse(PlanOutcome outcome) => new(outcome, this, [], []);

    /// <summary>An address that a change both withdraws and announces stays: it changed hands within the node.</summary>
    private Step Follow(PlanChange change)
    {
        var announced = change.Announce.Select(assignment => assignment.Address).ToHashSet();
        var withdrawn = (change.From is null ? Assignments.Keys : change.Withdraw)
            .Where(address => !announced.Contains(address) && Assignments.ContainsKey(address))
            .Distinct().Order().ToImmutableArray();
        var changed = change.Announce.Where(assignment => Assignments.GetValueOrDefault(assignment.Address) != assignment).ToImmutableArray();
        var assignments = Assignments.RemoveRange(withdrawn).SetItems(changed.Select(assignment => KeyValuePair.Create(assignment.Address, assignment)));
        return new(PlanOutcome.Applied, new(change.Version, assignments), changed, withdrawn);
    }
}
