using OrleansLb.Api.Cel.Values;
using static OrleansLb.Api.Cel.Types.CelType;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>Lists compared as sets (CEL's sets extension).</summary>
internal static class SetFunctions
{
    public static IEnumerable<Overload> All =>
    [
        Compare("sets.contains", (left, right) => Covers(left, right)),
        Compare("sets.equivalent", (left, right) => Covers(left, right) && Covers(right, left)),
        Compare("sets.intersects", (left, right) => right.Items.Any(item => Has(left, item))),
    ];

    private static Overload Compare(string name, Func<CelList, CelList, bool> holds) =>
        Overload.Global(name, Bool, [List, List],
            a => a.Budget.Pay((a.List(0).Count + 1L) * (a.List(1).Count + 1L)) ? CelValue.Of(holds(a.List(0), a.List(1))) : CelValue.NoSuchOverload);

    private static bool Covers(CelList whole, CelList part) => part.Items.All(item => Has(whole, item));

    private static bool Has(CelList list, CelValue wanted) => list.Items.Any(item => CelEquality.AreEqual(item, wanted));
}
