using OrleansLb.Api.Cel.Types;
using OrleansLb.Api.Cel.Values;
using static OrleansLb.Api.Cel.Types.CelType;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>Values that may be absent: how to make one, and how to get at what is in it.</summary>
internal static class OptionalFunctions
{
    public static IEnumerable<Overload> All =>
    [
        Overload.Global("optional.none", Optional, [], _ => CelOptional.None),
        new("optional.of", IsMember: false, [Any], types => OptionalOf(types[0]), a => new CelOptional(a[0])),
        new("optional.ofNonZeroValue", IsMember: false, [Any], types => OptionalOf(types[0]), a => IsZero(a[0]) ? CelOptional.None : new CelOptional(a[0])),
        Overload.Member("hasValue", Bool, [Optional], a => CelValue.Of(a.Optional(0).Value is not null)),
        new("value", IsMember: true, [Optional], types => types[0].Element ?? Any, a => a.Optional(0).Value ?? new CelError("optional.none() dereference")),
        new("orValue", IsMember: true, [Optional, Any], types => types[0].Element ?? Any, a => a.Optional(0).Value ?? a[1]),
        new("or", IsMember: true, [Optional, Optional], types => types[0], a => a.Optional(0).Value is null ? a[1] : a[0]),
    ];

    private static bool IsZero(CelValue value) => value switch
    {
        CelNull => true,
        CelBool { Value: var flag } => !flag,
        CelInt { Value: var number } => number == 0,
        CelUint { Value: var number } => number == 0,
        CelDouble { Value: var real } => real == 0,
        CelString { Value: var text } => text.Length == 0,
        CelBytes { Value: var bytes } => bytes.IsEmpty,
        CelDuration { Nanoseconds: var span } => span == 0,
        CelList list => list.Count == 0,
        CelMap map => map.Count == 0,
        CelOptional optional => optional.Value is null,
        _ => false,
    };
}
