namespace OrleansLb.Api.Cel.Values;

/// <summary>Equality across all kinds: numbers by value, lists and maps by content, different kinds never equal.</summary>
internal static class CelEquality
{
    public static bool AreEqual(CelValue left, CelValue right) => (left, right) switch
    {
        (CelDouble a, CelDouble b) => a.Value == b.Value, // NaN equals nothing
        (CelList a, CelList b) => Lists(a, b),
        (CelMap a, CelMap b) => Maps(a, b),
        (CelBytes a, CelBytes b) => a.Value.AsSpan().SequenceEqual(b.Value.AsSpan()),
        (CelOptional a, CelOptional b) => a.Value is null || b.Value is null ? a.Value is null && b.Value is null : AreEqual(a.Value, b.Value),
        _ when CelOrder.IsNumber(left) && CelOrder.IsNumber(right) => CelOrder.Compare(left, right) == 0,
        _ => left.Equals(right),
    };

    private static bool Lists(CelList left, CelList right)
    {
        if (left.Count != right.Count) return false;
        var identity = left.Identity.IsOrdered ? right.Identity : left.Identity;
        if (!identity.IsOrdered) return Unordered(left, right);
        for (var i = 0; i < left.Count; i++)
            if (!AreEqual(left[i], right[i])) return false;
        return true;
    }

    /// <summary>Items of sets and of keyed lists are distinct, so equal content is equal membership.</summary>
    private static bool Unordered(CelList left, CelList right)
    {
        var rest = right.Items.ToList();
        foreach (var item in left.Items)
        {
            var found = rest.FindIndex(other => AreEqual(item, other));
            if (found < 0) return false;
            rest.RemoveAt(found);
        }
        return true;
    }

    private static bool Maps(CelMap left, CelMap right) =>
        left.Count == right.Count
        && left.Keys.All(key => left.Find(key) is { } mine && right.Find(key) is { } theirs && AreEqual(mine, theirs));
}
