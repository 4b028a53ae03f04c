using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace OrleansLb.Api.FieldOwnership;

/// <summary>
/// A set of fields of an object, as a tree of path elements: <c>f:name</c> for a member, <c>k:{…}</c> for an item of a keyed list,
/// <c>v:…</c> for a value of a set. Its JSON is the <c>FieldsV1</c> of managed fields.
/// </summary>
public sealed class FieldSet
{
    public static FieldSet Empty { get; } = new(false, ImmutableSortedDictionary.Create<string, FieldSet>(StringComparer.Ordinal));

    public static FieldSet Leaf { get; } = new(true, Empty.Children);

    private FieldSet(bool isMember, ImmutableSortedDictionary<string, FieldSet> children) => (IsMember, Children) = (isMember, children);

    /// <summary>The place itself is in the set, besides what may be below it.</summary>
    public bool IsMember { get; }

    public ImmutableSortedDictionary<string, FieldSet> Children { get; }

    public bool IsEmpty => !IsMember && Children.IsEmpty;

    public FieldSet Child(string element) => Children.GetValueOrDefault(element, Empty);

    public FieldSet AsMember() => IsMember ? this : new(true, Children);

    public FieldSet With(string element, FieldSet child) =>
        new(IsMember, child.IsEmpty ? Children.Remove(element) : Children.SetItem(element, child));

    public FieldSet Union(FieldSet other)
    {
        if (other.IsEmpty) return this;
        if (IsEmpty) return other;
        var children = Children;
        foreach (var (element, child) in other.Children) children = children.SetItem(element, Child(element).Union(child));
        return new(IsMember || other.IsMember, children);
    }

    /// <summary>What is not in the other; this set itself when they have nothing in common.</summary>
    public FieldSet Except(FieldSet other)
    {
        if (other.IsEmpty || IsEmpty) return this;
        var result = IsMember && other.IsMember ? new(false, Children) : this;
        foreach (var (element, child) in other.Children)
        {
            if (!Children.TryGetValue(element, out var own)) continue;
            var left = own.Except(child);
            if (!ReferenceEquals(left, own)) result = result.With(element, left);
        }
        return result;
    }

    public FieldSet Intersect(FieldSet other)
    {
        var result = IsMember && other.IsMember ? Leaf : Empty;
        foreach (var (element, child) in other.Children)
            if (Children.ContainsKey(element)) result = result.With(element, Child(element).Intersect(child));
        return result;
    }

    public bool SetEquals(FieldSet other) => Except(other).IsEmpty && other.Except(this).IsEmpty;

    /// <summary>Every member with its path in the form that messages show.</summary>
    public IEnumerable<string> Paths(string prefix = "")
    {
        if (IsMember) yield return prefix;
        foreach (var (element, child) in Children)
            foreach (var path in child.Paths(prefix + PathElement.Show(element))) yield return path;
    }

    public JsonObject ToJson()
    {
        var json = new JsonObject();
        if (IsMember && !Children.IsEmpty) json["."] = new JsonObject();
        foreach (var (element, child) in Children) json[element] = child.ToJson();
        return json;
    }

    public static FieldSet FromJson(JsonObject json)
    {
        if (json.Count == 0) return Leaf;
        var children = Empty.Children.ToBuilder();
        foreach (var (element, child) in json)
            if (element != "." && child is JsonObject inner) children[element] = FromJson(inner);
        return new(json.ContainsKey("."), children.ToImmutable());
    }
}
