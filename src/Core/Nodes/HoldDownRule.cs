namespace OrleansLb.Core.Nodes;

/// <summary>How long a node that has come back is given nothing that another announces: longer, the oftener it has come back of late.</summary>
/// <param name="First">After a first return.</param>
/// <param name="Longest">However often it comes and goes; no less than <paramref name="First"/>.</param>
/// <param name="Window">How long a return is remembered.</param>
public sealed record HoldDownRule(TimeSpan First, TimeSpan Longest, TimeSpan Window)
{
    /// <summary>So many returns and more are counted alike.</summary>
    public const int MostReturns = 16;

    /// <summary>Doubled with each return.</summary>
    public TimeSpan After(int returns)
    {
        var time = First * Math.Pow(2, Math.Clamp(returns, 1, MostReturns) - 1);
        return time < Longest ? time : Longest;
    }
}
