using System.Text.Json.Nodes;
using OrleansLb.Api.Cel.Types;

namespace OrleansLb.Api.Cel.Values;

/// <summary>A map: literal, computed, or a view of a JSON object.</summary>
public abstract record CelMap : CelValue
{
    public override CelKind Kind => CelKind.Map;

    public abstract int Count { get; }

    internal abstract IEnumerable<CelValue> Keys { get; }

    internal abstract CelValue? Find(CelValue key);
}

internal sealed record ValueMap(OrderedDictionary<MapKey, KeyValuePair<CelValue, CelValue>> Entries) : CelMap
{
    public override int Count => Entries.Count;

    internal override IEnumerable<CelValue> Keys => Entries.Values.Select(entry => entry.Key);

    internal override CelValue? Find(CelValue key) =>
        MapKey.Of(key) is { } known && Entries.TryGetValue(known, out var entry) ? entry.Value : null;
}

/// <summary>A JSON object as its schema shows it: a map of like values, or an object whose fields have names fit for CEL.</summary>
internal sealed record JsonMap(JsonObject Source, CelType Type) : CelMap
{
    public override int Count => Source.Count;

    internal override IEnumerable<CelValue> Keys => Type.Fields is { } fields
        ? fields.Where(known => Source.ContainsKey(known.Value.JsonName)).Select(known => new CelString(known.Key))
        : Source.Select(member => new CelString(member.Key));

    internal override CelValue? Find(CelValue key)
    {
        if (key is not CelString { Value: var name }) return null;
        if (Type.Fields is null) return Source.TryGetPropertyValue(name, out var child) ? JsonValues.Read(child, Type.Element ?? CelType.Any) : null;
        return Type.Fields.TryGetValue(name, out var field) && Source.TryGetPropertyValue(field.JsonName, out var node)
            ? JsonValues.Read(node, field.Type)
            : null;
    }
}

/// <summary>What a map looks its entries up by: whole numbers are one key however they are written.</summary>
internal readonly record struct MapKey(string? Text, Int128 Number, CelKind Kind)
{
    public static MapKey? Of(CelValue key) => key switch
    {
        CelString { Value: var text } => new(text, 0, CelKind.String),
        CelBool { Value: var flag } => new(null, flag ? 1 : 0, CelKind.Bool),
        CelInt { Value: var number } => new(null, number, CelKind.Int),
        CelUint { Value: var number } => new(null, number, CelKind.Int),
        CelDouble { Value: var real } when double.IsInteger(real) && Math.Abs(real) < 1e19 => new(null, (Int128)real, CelKind.Int),
        _ => null,
    };
}
