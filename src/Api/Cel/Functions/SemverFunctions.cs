using System.Globalization;
using System.Text.RegularExpressions;
using OrleansLb.Api.Cel.Values;
using static OrleansLb.Api.Cel.Types.CelType;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>Semantic versions (semver.org 2.0.0) and their order.</summary>
internal static partial class SemverFunctions
{
    public static IEnumerable<Overload> All =>
    [
        Overload.Global("isSemver", Bool, [Text], a => CelValue.Of(Parse(a.Text(0)) is not null)),
        Overload.Global("isSemver", Bool, [Text, Bool], a => CelValue.Of(Parse(a.Bool(1) ? Normal(a.Text(0)) : a.Text(0)) is not null)),
        Overload.Global("semver", Semver, [Text], a => Read(a.Text(0))),
        Overload.Global("semver", Semver, [Text, Bool], a => Read(a.Bool(1) ? Normal(a.Text(0)) : a.Text(0))),
        Overload.Member("major", Int, [Semver], a => new CelInt(Version(a, 0).Major)),
        Overload.Member("minor", Int, [Semver], a => new CelInt(Version(a, 0).Minor)),
        Overload.Member("patch", Int, [Semver], a => new CelInt(Version(a, 0).Patch)),
        Overload.Member("isGreaterThan", Bool, [Semver, Semver], a => CelValue.Of(Compare(Version(a, 0), Version(a, 1)) > 0)),
        Overload.Member("isLessThan", Bool, [Semver, Semver], a => CelValue.Of(Compare(Version(a, 0), Version(a, 1)) < 0)),
        Overload.Member("compareTo", Int, [Semver, Semver], a => new CelInt(Math.Sign(Compare(Version(a, 0), Version(a, 1))))),
    ];

    private static CelSemver Version(Arguments a, int index) => (CelSemver)a[index];

    private static CelValue Read(string text) => Parse(text) is { } version ? version : new CelError($"invalid semantic version {CelText.Quote(text)}");

    private static CelSemver? Parse(string text) =>
        Pattern().Match(text) is { Success: true } match && Number(match, "major") is { } major && Number(match, "minor") is { } minor
            && Number(match, "patch") is { } patch
            ? new(major, minor, patch, match.Groups["pre"].Value, match.Groups["build"].Value)
            : null;

    private static long? Number(Match match, string group) =>
        long.TryParse(match.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Without a leading v or zeros, and with the parts that are missing.</summary>
    private static string Normal(string text)
    {
        var core = text.TrimStart('v');
        var tail = core.IndexOfAny(['-', '+']) is >= 0 and var at ? core[at..] : "";
        var parts = core[..^tail.Length].Split('.').Select(part => part.TrimStart('0') is { Length: > 0 } digits ? digits : part.Length > 0 ? "0" : "");
        return string.Join('.', parts.Concat(["0", "0"]).Take(Math.Max(3, core[..^tail.Length].Split('.').Length))) + tail;
    }

    private static int Compare(CelSemver left, CelSemver right)
    {
        var order = (left.Major, left.Minor, left.Patch).CompareTo((right.Major, right.Minor, right.Patch));
        return order != 0 ? order : PreReleases(left.PreRelease, right.PreRelease);
    }

    private static int PreReleases(string left, string right)
    {
        if (left.Length == 0 || right.Length == 0) return (left.Length == 0).CompareTo(right.Length == 0);
        var (ours, theirs) = (left.Split('.'), right.Split('.'));
        var order = ours.Zip(theirs, Identifiers).FirstOrDefault(part => part != 0);
        return order != 0 ? order : ours.Length.CompareTo(theirs.Length);
    }

    private static int Identifiers(string left, string right) =>
        (ulong.TryParse(left, NumberStyles.None, CultureInfo.InvariantCulture, out var a),
            ulong.TryParse(right, NumberStyles.None, CultureInfo.InvariantCulture, out var b)) switch
        {
            (true, true) => a.CompareTo(b),
            (true, false) => -1,
            (false, true) => 1,
            _ => string.CompareOrdinal(left, right),
        };

    [GeneratedRegex(
        @"^(?<major>0|[1-9][0-9]*)\.(?<minor>0|[1-9][0-9]*)\.(?<patch>0|[1-9][0-9]*)(-(?<pre>[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*))?(\+(?<build>[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
