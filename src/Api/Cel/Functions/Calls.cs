using OrleansLb.Api.Cel.Values;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>Calls the overload that fits the values. Functions are strict: an argument that is an error is the result.</summary>
internal static class Calls
{
    public static CelValue Call(string name, bool isMember, CelValue[] values, CostBudget budget)
    {
        foreach (var value in values)
            if (value is CelError) return value;
        foreach (var overload in FunctionLibrary.Named(name, isMember))
            if (overload.Takes(values)) return budget.Pay(1 + TextCost(values)) ? overload.Body(new(values, budget)) : CelValue.NoSuchOverload;
        return CelValue.NoSuchOverload;
    }

    /// <summary>Text is read whole by nearly every function that takes it.</summary>
    private static long TextCost(CelValue[] values)
    {
        var cost = 0L;
        foreach (var value in values)
            if (value is CelString or CelBytes) cost += CelSize.Of(value);
        return cost;
    }
}
