using OrleansLb.Core.Services;

namespace OrleansLb.Silo.Status;

/// <summary>Why a service is as it is, as <c>/orleanslb/v1/explain/NAMESPACE/NAME</c> shows it.</summary>
internal sealed record ExplanationView(
    ServiceView Service,
    IReadOnlyList<RejectedView> RejectedPools,
    IReadOnlyList<RejectedView> RejectedNodes,
    IReadOnlyList<string> Candidates,
    IReadOnlyList<DecisionView> History,
    IReadOnlyList<RejectedView> OtherNodes)
{
    public static ExplanationView Of(ServiceExplanation explanation) => new(
        ServiceView.Of(explanation.Summary),
        [.. explanation.RejectedPools.Select(RejectedView.Of)],
        [.. explanation.RejectedNodes.Select(RejectedView.Of)],
        [.. explanation.Candidates.Select(node => node.Value)],
        [.. explanation.History.Select(DecisionView.Of)],
        [.. explanation.OtherNodes.Select(RejectedView.Of)]);
}

/// <summary>Something that was considered and not taken.</summary>
internal sealed record RejectedView(string What, string Reason, string Message)
{
    public static RejectedView Of(Rejected rejected) => new(rejected.What, rejected.Reason.ToString(), rejected.Message);
}

/// <summary>A decision that was taken.</summary>
internal sealed record DecisionView(DateTimeOffset At, string Reason, string Message)
{
    public static DecisionView Of(Decision decision) => new(decision.At, decision.Reason.ToString(), decision.Message);
}
