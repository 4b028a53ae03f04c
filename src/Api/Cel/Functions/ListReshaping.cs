using OrleansLb.Api.Cel.Types;
using OrleansLb.Api.Cel.Values;
using static OrleansLb.Api.Cel.Types.CelType;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>Functions that make a list of a list (CEL's lists extension).</summary>
internal static class ListReshaping
{
    public static IEnumerable<Overload> All =>
    [
        Reshape("slice", [List, Int, Int], a => Slice(a.List(0), a.Int(1), a.Int(2))),
        Reshape("reverse", [List], a => new ValueList([.. a.List(0).Items.Reverse()])),
        Reshape("distinct", [List], Distinct),
        Reshape("sort", [List], a => Sort(a.List(0))),
        Overload.Member("flatten", List, [List], a => Flatten(a, 1)),
        Overload.Member("flatten", List, [List, Int], a => Flatten(a, a.Int(1))),
        Overload.Global("lists.range", ListOf(Int), [Int], a => Range(a)),
    ];

    private static Overload Reshape(string name, System.Collections.Immutable.ImmutableArray<CelType> parameters, Func<Arguments, CelValue> body) =>
        new(name, IsMember: true, parameters, types => types[0].Kind == CelKind.List ? types[0] : List,
            a => a.Budget.Pay(a.List(0).Count) ? body(a) : CelValue.NoSuchOverload);

    private static CelValue Slice(CelList list, long from, long to) =>
        from < 0 || to < 0 ? new CelError($"cannot slice({from}, {to}), negative indexes not supported")
        : from > to ? new CelError($"cannot slice({from}, {to}), start index must be less than or equal to end index")
        : to > list.Count ? new CelError($"cannot slice({from}, {to}), list is length {list.Count}")
        : new ValueList([.. list.Items.Skip((int)from).Take((int)(to - from))]);

    private static CelValue Distinct(Arguments a)
    {
        var kept = new List<CelValue>();
        foreach (var item in a.List(0).Items)
        {
            if (!a.Budget.Pay(kept.Count)) break;
            if (!kept.Exists(other => CelEquality.AreEqual(item, other))) kept.Add(item);
        }
        return new ValueList([.. kept]);
    }

    private static CelValue Sort(CelList list)
    {
        var items = list.Items.ToArray();
        if (items.Length > 0 && Array.Exists(items, item => CelOrder.Compare(items[0], item) is null)) return CelValue.NoSuchOverload;
        return new ValueList([.. items.Order(Comparer<CelValue>.Create((left, right) => CelOrder.Compare(left, right) ?? 0))]);
    }

    private static CelValue Flatten(Arguments a, long depth)
    {
        if (depth < 0) return new CelError("level must be non-negative");
        var flat = a.List(0).Items;
        for (var i = 0; i < Math.Min(depth, 64) && flat.Any(item => item is CelList); i++)
        {
            if (!a.Budget.Pay(flat.Count())) return CelValue.NoSuchOverload;
            flat = [.. flat.SelectMany(item => item is CelList inner ? inner.Items : [item])];
        }
        return new ValueList([.. flat]);
    }

    private static CelValue Range(Arguments a) =>
        a.Budget.Pay(Math.Max(0, a.Int(0)))
            ? new ValueList([.. Enumerable.Range(0, (int)Math.Max(0, a.Int(0))).Select(i => new CelInt(i))])
            : CelValue.NoSuchOverload;
}
