namespace OrleansLb.Silo.Operations;

/// <summary>What became of an operator's wish.</summary>
/// <param name="From">The node that announced before a move; null when none did, or nothing moved.</param>
/// <param name="To">The node that announces after a move, or that is drained or used again.</param>
/// <param name="Left">Services that a drained node announces still.</param>
internal sealed record OperationView(string? From, string To, IReadOnlyList<string> Left, string Message);
