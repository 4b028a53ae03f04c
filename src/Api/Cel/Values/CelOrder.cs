namespace OrleansLb.Api.Cel.Values;

/// <summary>The order of values that have one; numbers of different kinds by value, and with a double to the precision of one.</summary>
internal static class CelOrder
{
    public static bool IsNumber(CelValue value) => value is CelInt or CelUint or CelDouble;

    /// <summary>Less than, equal to or greater than zero; null where the two have no order (other kinds, NaN).</summary>
    public static int? Compare(CelValue left, CelValue right) => (left, right) switch
    {
        (CelInt a, CelInt b) => a.Value.CompareTo(b.Value),
        (CelUint a, CelUint b) => a.Value.CompareTo(b.Value),
        (CelDouble a, CelDouble b) => Reals(a.Value, b.Value),
        (CelInt a, CelUint b) => ((Int128)a.Value).CompareTo((Int128)b.Value),
        (CelUint a, CelInt b) => ((Int128)a.Value).CompareTo((Int128)b.Value),
        (CelDouble a, CelInt b) => Reals(a.Value, b.Value),
        (CelDouble a, CelUint b) => Reals(a.Value, b.Value),
        (CelInt a, CelDouble b) => -Reals(b.Value, a.Value),
        (CelUint a, CelDouble b) => -Reals(b.Value, a.Value),
        (CelBool a, CelBool b) => a.Value.CompareTo(b.Value),
        (CelString a, CelString b) => Texts(a.Value, b.Value),
        (CelBytes a, CelBytes b) => a.Value.AsSpan().SequenceCompareTo(b.Value.AsSpan()),
        (CelTimestamp a, CelTimestamp b) => a.Nanoseconds.CompareTo(b.Nanoseconds),
        (CelDuration a, CelDuration b) => a.Nanoseconds.CompareTo(b.Nanoseconds),
        _ => null,
    };

    private static int? Reals(double left, double right) =>
        double.IsNaN(left) || double.IsNaN(right) ? null : left.CompareTo(right);

    /// <summary>By code points, which is the order of the UTF-8 bytes, not of UTF-16 units.</summary>
    private static int Texts(string left, string right)
    {
        var (ours, theirs) = (left.EnumerateRunes(), right.EnumerateRunes());
        while (true)
        {
            var (more, others) = (ours.MoveNext(), theirs.MoveNext());
            if (!more || !others) return more.CompareTo(others);
            var order = ours.Current.CompareTo(theirs.Current);
            if (order != 0) return order;
        }
    }
}
