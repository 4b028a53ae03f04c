using System.Collections.Frozen;
using OrleansLb.Api.Cel.Values;

namespace OrleansLb.Api.Cel.Types;

/// <summary>What an expression is known to yield before it is evaluated. <see cref="Any"/> says nothing and fits everywhere.</summary>
public sealed class CelType
{
    private CelType(CelKind kind) => Kind = kind;

    public static CelType Any { get; } = new(CelKind.Any);
    internal static CelType Null { get; } = new(CelKind.Null);
    internal static CelType Bool { get; } = new(CelKind.Bool);
    internal static CelType Int { get; } = new(CelKind.Int);
    internal static CelType Uint { get; } = new(CelKind.Uint);
    internal static CelType Real { get; } = new(CelKind.Double);
    internal static CelType Text { get; } = new(CelKind.String);
    internal static CelType Bytes { get; } = new(CelKind.Bytes);
    internal static CelType Timestamp { get; } = new(CelKind.Timestamp);
    internal static CelType Duration { get; } = new(CelKind.Duration);
    internal static CelType Type { get; } = new(CelKind.Type);
    internal static CelType Ip { get; } = new(CelKind.Ip);
    internal static CelType Cidr { get; } = new(CelKind.Cidr);
    internal static CelType Url { get; } = new(CelKind.Url);
    internal static CelType Quantity { get; } = new(CelKind.Quantity);
    internal static CelType Semver { get; } = new(CelKind.Semver);
    internal static CelType Format { get; } = new(CelKind.Format);
    internal static CelType List { get; } = ListOf(Any);
    internal static CelType Map { get; } = MapOf(Any, Any);
    internal static CelType Optional { get; } = OptionalOf(Any);

    public CelKind Kind { get; }

    /// <summary>Of a list's items, a map's values, or what an optional holds.</summary>
    internal CelType? Element { get; private init; }

    internal CelType? Key { get; private init; }

    /// <summary>The fields of an object by their CEL names; null if this is no object with known fields.</summary>
    internal FrozenDictionary<string, CelField>? Fields { get; private init; }

    internal ListIdentity Identity { get; private init; } = ListIdentity.Position;

    internal bool IsNullable { get; init; }

    /// <summary>An integer or a string, and only the value can tell (<c>x-kubernetes-int-or-string</c>).</summary>
    internal bool IsIntOrString { get; private init; }

    internal static CelType IntOrString { get; } = new(CelKind.Any) { IsIntOrString = true };

    internal static CelType ListOf(CelType element, ListIdentity? identity = null) =>
        new(CelKind.List) { Element = element, Identity = identity ?? ListIdentity.Position };

    internal static CelType MapOf(CelType key, CelType element) => new(CelKind.Map) { Key = key, Element = element };

    internal static CelType OptionalOf(CelType element) => new(CelKind.Optional) { Element = element };

    internal static CelType ObjectOf(IEnumerable<CelField> fields) =>
        new(CelKind.Map) { Key = Text, Fields = fields.ToFrozenDictionary(field => field.Name, StringComparer.Ordinal) };

    internal CelType AsNullable() =>
        new(Kind) { Element = Element, Key = Key, Fields = Fields, Identity = Identity, IsIntOrString = IsIntOrString, IsNullable = true };

    /// <summary>Null can be compared with objects and with what is opaque, but not with scalars, lists and maps, whatever the schema says of them.</summary>
    private bool MayBeNull => Fields is not null
        || Kind is not (CelKind.Bool or CelKind.Int or CelKind.Uint or CelKind.Double or CelKind.String or CelKind.Bytes or CelKind.List or CelKind.Map
            or CelKind.Type);

    /// <summary>False only if a value of the other type can never stand where this one is wanted.</summary>
    internal bool Accepts(CelType other)
    {
        if (Kind == CelKind.Any || other.Kind == CelKind.Any) return true;
        if (Kind == CelKind.Null || other.Kind == CelKind.Null) return MayBeNull && other.MayBeNull;
        return Kind == other.Kind && Fields is null == other.Fields is null
            && (Element is null || other.Element is null || Element.Accepts(other.Element))
            && (Key is null || other.Key is null || Key.Accepts(other.Key));
    }

    public override string ToString() => Kind switch
    {
        CelKind.Null => "null",
        CelKind.List => $"list({Element})",
        CelKind.Map when Fields is not null => "object",
        CelKind.Map => $"map({Key}, {Element})",
        CelKind.Optional => $"optional_type({Element})",
        _ => Kind.Name(),
    };
}

/// <summary>A field of an object: its name in expressions, its name in JSON, and what it holds.</summary>
internal sealed record CelField(string Name, string JsonName, CelType Type);
