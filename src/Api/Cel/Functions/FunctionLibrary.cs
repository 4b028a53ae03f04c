using System.Collections.Frozen;
using System.Collections.Immutable;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>All functions and operators that rules can call, by name: the standard ones and those that Kubernetes adds.</summary>
internal static class FunctionLibrary
{
    private static readonly FrozenDictionary<(string Name, bool IsMember), ImmutableArray<Overload>> Overloads =
        new[]
        {
            Arithmetic.All, Comparison.All, Conversion.All, TextFunctions.All, TextSearch.All, RegexFunctions.All, ListFunctions.All, ListReshaping.All,
            SetFunctions.All, TimeFunctions.All, OptionalFunctions.All, AddressFunctions.All, UrlFunctions.All, QuantityFunctions.All, SemverFunctions.All,
            FormatFunctions.All,
        }
        .SelectMany(overloads => overloads)
        .GroupBy(overload => (overload.Name, overload.IsMember))
        .ToFrozenDictionary(group => group.Key, group => group.ToImmutableArray());

    public static IEnumerable<Overload> All => Overloads.Values.SelectMany(overloads => overloads);

    public static ImmutableArray<Overload> Named(string name, bool isMember) =>
        Overloads.TryGetValue((name, isMember), out var found) ? found : [];

    public static bool HasGlobal(string name) => Overloads.ContainsKey((name, false));
}
