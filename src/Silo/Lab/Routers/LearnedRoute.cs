using System.Globalization;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Protocols.Bgp;
using Prefix = OrleansLb.Core.Addressing.Prefix;

namespace OrleansLb.Silo.Lab.Routers;

/// <summary>One path that the router has learned, as its own program shows it.</summary>
/// <param name="LocalPref">Of an external session it is the router's own default, or null: no such attribute crosses the
/// border of an AS (RFC 4271 §5.1.5).</param>
internal sealed record LearnedRoute(Prefix Prefix, Address NextHop, EquatableList<uint> AsPath, uint? LocalPref, EquatableList<Community> Communities)
{
    /// <summary>Reads AS numbers that stand apart.</summary>
    public static EquatableList<uint> Path(string text) =>
        text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(asn => uint.Parse(asn, CultureInfo.InvariantCulture)).ToEquatableList();

    public static EquatableList<Community> Sorted(IEnumerable<Community> communities) => communities.Order().ToEquatableList();
}
