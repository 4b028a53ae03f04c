using System.Collections.Immutable;
using OrleansLb.Api.Cel.Types;
using OrleansLb.Api.Cel.Values;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>One form of a function: the types it takes, what it gives for them, and how.</summary>
internal sealed record Overload(string Name, bool IsMember, ImmutableArray<CelType> Parameters, Func<ImmutableArray<CelType>, CelType> Result,
    Func<Arguments, CelValue> Body)
{
    public static Overload Global(string name, CelType result, ImmutableArray<CelType> parameters, Func<Arguments, CelValue> body) =>
        new(name, IsMember: false, parameters, _ => result, body);

    public static Overload Member(string name, CelType result, ImmutableArray<CelType> parameters, Func<Arguments, CelValue> body) =>
        new(name, IsMember: true, parameters, _ => result, body);

    /// <summary>True if these kinds of values can be given to it.</summary>
    public bool Takes(CelValue[] values)
    {
        if (values.Length != Parameters.Length) return false;
        for (var i = 0; i < values.Length; i++)
            if (Parameters[i].Kind != CelKind.Any && Parameters[i].Kind != values[i].Kind) return false;
        return true;
    }

    /// <summary>False only if values of these types can never be given to it.</summary>
    public bool Accepts(ImmutableArray<CelType> types) =>
        types.Length == Parameters.Length && Parameters.Zip(types).All(pair => pair.First.Accepts(pair.Second));
}
