using OrleansLb.Api.Cel.Types;
using OrleansLb.Api.Cel.Values;
using static OrleansLb.Api.Cel.Types.CelType;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>What Kubernetes lets rules ask of a list: its order, its sum, its extremes, where an item stands.</summary>
internal static class ListFunctions
{
    public static IEnumerable<Overload> All =>
    [
        Overload.Member("isSorted", Bool, [List], a => IsSorted(a.List(0))),
        new("sum", IsMember: true, [List], ElementOf, Sum),
        new("min", IsMember: true, [List], ElementOf, a => Extreme(a.List(0), "min", order => order < 0)),
        new("max", IsMember: true, [List], ElementOf, a => Extreme(a.List(0), "max", order => order > 0)),
        Overload.Member("indexOf", Int, [List, Any], a => IndexOf(a, Enumerable.Range(0, a.List(0).Count))),
        Overload.Member("lastIndexOf", Int, [List, Any], a => IndexOf(a, Enumerable.Range(0, a.List(0).Count).Reverse())),
    ];

    private static CelType ElementOf(System.Collections.Immutable.ImmutableArray<CelType> types) => types[0].Element ?? Any;

    private static CelValue IsSorted(CelList list)
    {
        for (var i = 1; i < list.Count; i++)
        {
            if (CelOrder.Compare(list[i - 1], list[i]) is not { } order) return CelValue.NoSuchOverload;
            if (order > 0) return CelValue.False;
        }
        return CelValue.True;
    }

    private static CelValue Sum(Arguments a)
    {
        var list = a.List(0);
        if (list.Count == 0) return new CelInt(0);
        var total = list[0];
        if (total is not (CelInt or CelUint or CelDouble or CelDuration)) return total is CelError ? total : CelValue.NoSuchOverload;
        for (var i = 1; i < list.Count && total is not CelError; i++) total = Calls.Call("_+_", isMember: false, [total, list[i]], a.Budget);
        return total;
    }

    private static CelValue Extreme(CelList list, string name, Func<int, bool> wins)
    {
        if (list.Count == 0) return new CelError($"{name} called on empty list");
        var best = list[0];
        for (var i = 1; i < list.Count; i++)
        {
            var item = list[i];
            if (CelOrder.Compare(item, best) is not { } order) return CelValue.NoSuchOverload;
            if (wins(order)) best = item;
        }
        return best;
    }

    private static CelInt IndexOf(Arguments a, IEnumerable<int> places)
    {
        foreach (var place in places)
            if (!a.Budget.Pay(CelSize.Of(a[1])) || CelEquality.AreEqual(a.List(0)[place], a[1])) return new CelInt(place);
        return new CelInt(-1);
    }
}
