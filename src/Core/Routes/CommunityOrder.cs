using OrleansLb.Core.Configuration;

namespace OrleansLb.Core.Routes;

/// <summary>Communities in the order of their values, each once, so that equal sets are equal lists.</summary>
public static class CommunityOrder
{
    public static EquatableList<Community> Sorted(IEnumerable<Community> communities) =>
        communities.Distinct().OrderBy(Rank).ThenBy(Value).ToEquatableList();

    private static int Rank(Community community) => community switch { Community.Standard => 0, Community.Large => 1, _ => 2 };

    private static UInt128 Value(Community community) => community switch
    {
        Community.Standard standard => standard.Value,
        Community.Large large => ((UInt128)large.Global << 64) | ((UInt128)large.Data1 << 32) | large.Data2,
        _ => 0,
    };
}
