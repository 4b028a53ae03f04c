using OrleansLb.Api.Cel.Values;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>The sum of two lists: one after the other, or merged where the schema says what makes items the same.</summary>
internal static class ListJoin
{
    public static CelValue Join(CelList left, CelList right, CostBudget budget)
    {
        if (!budget.Pay(left.Count + right.Count)) return CelValue.NoSuchOverload;
        if (left.Identity.IsOrdered) return new ValueList([.. left.Items, .. right.Items]);
        var merged = left.Items.ToList();
        foreach (var item in right.Items)
        {
            if (!budget.Pay(merged.Count)) break;
            var same = merged.FindIndex(mine => AreSame(mine, item, left.Identity));
            if (same < 0) merged.Add(item);
            else merged[same] = item;
        }
        return new ValueList([.. merged], left.Identity);
    }

    private static bool AreSame(CelValue left, CelValue right, ListIdentity identity) =>
        identity.IsSet
            ? CelEquality.AreEqual(left, right)
            : left is CelMap mine && right is CelMap theirs && identity.Keys.All(key => SameField(mine, theirs, new(key)));

    private static bool SameField(CelMap left, CelMap right, CelString key) => (left.Find(key), right.Find(key)) switch
    {
        (null, null) => true,
        ({ } mine, { } theirs) => CelEquality.AreEqual(mine, theirs),
        _ => false,
    };
}
