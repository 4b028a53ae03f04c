namespace OrleansLb.Api.Cel;

/// <summary>How much work an evaluation may still do: about one unit for a step, a tenth for a character touched.</summary>
internal sealed class CostBudget(long limit)
{
    /// <summary>What one rule may cost, as in the Kubernetes API.</summary>
    public const long PerRule = 1_000_000;

    /// <summary>What all rules together may cost for one object.</summary>
    public const long PerObject = 10_000_000;

    public long Spent { get; private set; }

    public bool IsExhausted => Spent > limit;

    /// <summary>Pays for work; false when it is not to be done any more.</summary>
    public bool Pay(long cost)
    {
        Spent = cost > long.MaxValue - Spent ? long.MaxValue : Spent + cost;
        return !IsExhausted;
    }

    /// <summary>Pays for making or reading text of this length.</summary>
    public bool PayText(long length) => Pay((length / 10) + 1);
}
