namespace OrleansLb.Core.Nodes;

/// <summary>A node may announce again what it could not announce for a while.</summary>
/// <param name="Sign">What showed it, as the end of a sentence.</param>
/// <param name="Times">How often it has come back within <see cref="HoldDownRule.Window"/>, this time included.</param>
/// <param name="HeldUntil">Before that it is given nothing that another announces.</param>
public sealed record NodeReturn(NodeName Node, string Sign, int Times, DateTimeOffset HeldUntil);
