using OrleansLb.Api.Cel.Types;
using OrleansLb.Api.Cel.Values;
using static OrleansLb.Api.Cel.Types.CelType;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>What Kubernetes lets rules ask of a list: its order, its sum, its extremes, where an item stands.</summary>
internal static class ListFunctions
{
    private static readonly CelType[] Summable = [Int, Uint, Real, Duration];
    private static readonly CelType[] Ordered = [Int, Uint, Real, Bool, Text, Bytes, Duration, Timestamp];

    public static IEnumerable<Overload> All =>
    [
        .. Ordered.Select(item => Overload.Member("isSorted", Bool, [ListOf(item)], a => IsSorted(a.List(0)))),
        .. Summable.Select(item => Overload.Member("sum", item, [ListOf(item)], Sum)),
        .. Ordered.Select(item => Overload.Member("min", item, [ListOf(item)], a => Extreme(a.List(0), "min", order => order < 0))),
        .. Ordered.Select(item => Overload.Member("max", item, [ListOf(item)], a => Extreme(a.List(0), "max", order => order > 0))),
        Overload.Member("indexOf", Int, [List, Any], a => IndexOf(a, Enumerable.Range(0, a.List(0).Count))),
        Overload.Member("lastIndexOf", Int, [List, Any], a => IndexOf(a, Enumerable.Range(0, a.List(0).Count).Reverse())),
    ];

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
        if (list.Count == 0) return list is JsonList { Type.Element.Kind: CelKind.Duration } ? new CelDuration(0) : new CelInt(0);
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
