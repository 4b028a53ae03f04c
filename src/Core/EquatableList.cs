using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace OrleansLb.Core;

/// <summary>An immutable list that is equal to another when its items are: a record may hold it and stay comparable.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.List`1")]
[CollectionBuilder(typeof(EquatableList), nameof(EquatableList.Create))]
public readonly struct EquatableList<T>(ImmutableArray<T> items) : IReadOnlyList<T>, IEquatable<EquatableList<T>>
{
    [Id(0)]
    private readonly ImmutableArray<T> _items = items;

    private ImmutableArray<T> Items => _items.IsDefault ? [] : _items;

    public int Count => Items.Length;

    public T this[int index] => Items[index];

    public ReadOnlySpan<T> AsSpan() => Items.AsSpan();

    public ImmutableArray<T>.Enumerator GetEnumerator() => Items.GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)Items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)Items).GetEnumerator();

    public bool Equals(EquatableList<T> other) => Items.AsSpan().SequenceEqual(other.Items.AsSpan(), EqualityComparer<T>.Default);

    public override bool Equals(object? obj) => obj is EquatableList<T> other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var item in Items) hash.Add(item);
        return hash.ToHashCode();
    }

    // What LINQ has for any sequence, said of the array itself: a struct that passes for an interface is boxed, and enumerated by an object.

    public bool Any() => Items.Length > 0;

    public bool Any(Func<T, bool> predicate) => Items.Any(predicate);

    public bool All(Func<T, bool> predicate) => Items.All(predicate);

    public bool Contains(T item) => Items.Contains(item);

    public T? FirstOrDefault() => Items.FirstOrDefault();

    public T? FirstOrDefault(Func<T, bool> predicate) => Items.FirstOrDefault(predicate);

    public IEnumerable<T> Where(Func<T, bool> predicate) => Items.Where(predicate);

    public IEnumerable<TResult> Select<TResult>(Func<T, TResult> selector) => Items.Select(selector);

    public override string ToString() => $"[{string.Join(", ", Items)}]";

    public static bool operator ==(EquatableList<T> left, EquatableList<T> right) => left.Equals(right);

    public static bool operator !=(EquatableList<T> left, EquatableList<T> right) => !left.Equals(right);
}

/// <summary>Makes <see cref="EquatableList{T}"/>s.</summary>
public static class EquatableList
{
    public static EquatableList<T> Create<T>(ReadOnlySpan<T> items) => new(ImmutableArray.Create(items));

    public static EquatableList<T> ToEquatableList<T>(this IEnumerable<T> items) => new([.. items]);
}
