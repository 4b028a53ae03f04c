using OrleansLb.Api.Cel.Syntax;
using OrleansLb.Api.Cel.Types;
using OrleansLb.Api.Cel.Values;
using static OrleansLb.Api.Cel.Types.CelType;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>Equality, order, membership and indexing.</summary>
internal static class Comparison
{
    private static readonly CelType[] Ordered = [Bool, Text, Bytes, Timestamp, Duration];
    private static readonly CelType[] Numbers = [Int, Uint, Real];

    public static IEnumerable<Overload> All =>
    [
        Overload.Global(OperatorNames.Equal, Bool, [Any, Any], a => Equal(a, expected: true)),
        Overload.Global(OperatorNames.NotEqual, Bool, [Any, Any], a => Equal(a, expected: false)),
        .. Relation("<", order => order < 0),
        .. Relation("<=", order => order <= 0),
        .. Relation(">", order => order > 0),
        .. Relation(">=", order => order >= 0),
        Overload.Global(OperatorNames.In, Bool, [Any, List], IsItem),
        Overload.Global(OperatorNames.In, Bool, [Any, Map], a => CelValue.Of(a.Map(1).Find(a[0]) is not null)),
        new(OperatorNames.Index, IsMember: false, [List, Int], types => types[0].Element ?? Any, a => Item(a.List(0), a[1])),
        new(OperatorNames.Index, IsMember: false, [List, Uint], types => types[0].Element ?? Any, a => Item(a.List(0), a[1])),
        new(OperatorNames.Index, IsMember: false, [List, Real], types => types[0].Element ?? Any, a => Item(a.List(0), a[1])),
        new(OperatorNames.Index, IsMember: false, [Map, Any], types => types[0].Element ?? Any, a => Entry(a.Map(0), a[1])),
    ];

    private static IEnumerable<Overload> Relation(string symbol, Func<int, bool> holds)
    {
        CelValue Judge(Arguments a) => a.Budget.Pay(1) ? CelValue.Of(CelOrder.Compare(a[0], a[1]) is { } order && holds(order)) : CelValue.NoSuchOverload;
        var name = OperatorNames.Of(symbol);
        return Ordered.Select(type => Overload.Global(name, Bool, [type, type], Judge))
            .Concat(Numbers.SelectMany(left => Numbers.Select(right => Overload.Global(name, Bool, [left, right], Judge))));
    }

    private static CelValue Equal(Arguments a, bool expected) =>
        a.Budget.Pay(Math.Min(CelSize.Of(a[0]), CelSize.Of(a[1])))
            ? CelValue.Of(CelEquality.AreEqual(a[0], a[1]) == expected)
            : CelValue.NoSuchOverload;

    private static CelValue IsItem(Arguments a)
    {
        var list = a.List(1);
        for (var i = 0; i < list.Count; i++)
        {
            var item = list[i];
            if (!a.Budget.Pay(Math.Min(CelSize.Of(item), CelSize.Of(a[0])))) return CelValue.NoSuchOverload;
            if (CelEquality.AreEqual(item, a[0])) return CelValue.True;
        }
        return CelValue.False;
    }

    internal static CelValue Item(CelList list, CelValue index)
    {
        if (MapKey.Of(index) is not { Kind: CelKind.Int, Number: var at }) return new CelError($"unsupported index value: {CelText.Write(index)}");
        return at >= 0 && at < list.Count ? list[(int)at] : new CelError($"index out of bounds: {at}");
    }

    internal static CelValue Entry(CelMap map, CelValue key) => map.Find(key) ?? new CelError($"no such key: {CelText.Write(key) ?? key.Kind.Name()}");
}
