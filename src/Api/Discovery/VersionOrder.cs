using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansLb.Api.Discovery;

/// <summary>Kubernetes' order of versions: stable before beta before alpha, and the newer before the older.</summary>
internal sealed partial class VersionOrder : IComparer<string>
{
    public static VersionOrder NewestFirst { get; } = new();

    public int Compare(string? x, string? y)
    {
        var (left, right) = (Weight(x ?? ""), Weight(y ?? ""));
        return right.CompareTo(left) is not 0 and var order ? order : string.CompareOrdinal(x, y);
    }

    private static (int Stability, int Major, int Minor) Weight(string version)
    {
        if (Version().Match(version) is not { Success: true } match) return (0, 0, 0);
        var stability = match.Groups["stage"].Value switch { "" => 3, "beta" => 2, _ => 1 };
        return (stability, Number(match.Groups["major"]), Number(match.Groups["minor"]));
    }

    private static int Number(Group group) => int.TryParse(group.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"^v(?<major>\d+)((?<stage>alpha|beta)(?<minor>\d+))?$")]
    private static partial Regex Version();
}
