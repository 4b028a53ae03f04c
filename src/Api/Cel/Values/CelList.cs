using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansLb.Api.Cel.Types;

namespace OrleansLb.Api.Cel.Values;

/// <summary>A list: literal, computed, or a view of a JSON array whose items are read when they are asked for.</summary>
public abstract record CelList : CelValue
{
    public override CelKind Kind => CelKind.List;

    public abstract int Count { get; }

    public abstract CelValue this[int index] { get; }

    /// <summary>What tells items apart, if the schema says that their order has no meaning.</summary>
    internal virtual ListIdentity Identity => ListIdentity.Position;

    internal IEnumerable<CelValue> Items => Enumerable.Range(0, Count).Select(index => this[index]);
}

/// <summary>How the items of a list are told apart: by place, by value, or by some of their fields (<c>x-kubernetes-list-type</c>).</summary>
internal sealed record ListIdentity(bool IsSet, ImmutableArray<string> Keys)
{
    public static ListIdentity Position { get; } = new(false, []);
    public static ListIdentity Value { get; } = new(true, []);

    public bool IsOrdered => !IsSet && Keys.IsEmpty;
}

internal sealed record ValueList(ImmutableArray<CelValue> Values) : CelList
{
    public ValueList(ImmutableArray<CelValue> values, ListIdentity identity) : this(values) => Identity = identity;

    public override int Count => Values.Length;

    public override CelValue this[int index] => Values[index];

    internal override ListIdentity Identity { get; } = ListIdentity.Position;
}

internal sealed record JsonList(JsonArray Source, CelType Type) : CelList
{
    public override int Count => Source.Count;

    public override CelValue this[int index] => JsonValues.Read(Source[index], Type.Element ?? CelType.Any);

    internal override ListIdentity Identity => Type.Identity;
}
