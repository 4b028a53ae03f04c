using System.Collections.Immutable;
using Orleans;
using OrleansLb.LocalGrains.Boundary;

namespace OrleansLb.LocalGrains.Tests;

public sealed class BoundaryTests
{
    private const string MayChange = "may change or cannot be serialized";

    public static IEnumerable<TheoryDataRow<Type, string>> Refused =>
    [
        new(typeof(int[]), $"Int32[] {MayChange}"),
        new(typeof(List<int>), $"List<Int32> {MayChange}"),
        new(typeof(IReadOnlyList<int>), $"IReadOnlyList<Int32> {MayChange}"),
        new(typeof(object), $"Object {MayChange}"),
        new(typeof(ReadOnlyMemory<byte>), $"ReadOnlyMemory<Byte> {MayChange}"),
        new(typeof(ImmutableArray<byte[]>), $"Byte[] {MayChange}"),
        new(typeof((int, List<int>)?), $"List<Int32> {MayChange}"),
        new(typeof(Unmarked), "Unmarked has no [GenerateSerializer]."),
        new(typeof(Unnamed), "Unnamed has no [Alias]."),
        new(typeof(Settable), "Settable.Value can be set."),
        new(typeof(Unnumbered), "Unnumbered._value has no [Id], so it would not cross."),
        new(typeof(Derivable), "Derivable is neither sealed nor closed by private constructors."),
        new(typeof(Outer), $"Stack<String> {MayChange}"),
        new(typeof(Closed), "Second has no [Alias]."),
    ];

    public static IEnumerable<TheoryDataRow<Type>> Accepted =>
    [
        new(typeof(int)), new(typeof(string)), new(typeof(DayOfWeek)), new(typeof(Guid?)), new(typeof(UInt128)), new(typeof((int, string))),
        new(typeof(ImmutableDictionary<string, ImmutableArray<int>>)), new(typeof(IProbe)), new(typeof(IListener)), new(typeof(Path)),
        new(typeof(Cached)), new(typeof(Wrapped<Path>)), new(typeof(Tree)),
    ];

    [Theory, MemberData(nameof(Refused))]
    public void What_two_grains_could_share_or_a_cluster_would_lose_does_not_cross(Type type, string because) =>
        Assert.Contains(CrossingTypes.FaultsOf(type), fault => fault.StartsWith(because, StringComparison.Ordinal));

    [Theory, MemberData(nameof(Accepted))]
    public void What_never_changes_and_is_numbered_crosses(Type type) => Assert.Empty(CrossingTypes.FaultsOf(type));

    [Fact]
    public async Task A_reference_by_an_unfit_interface_is_refused_with_every_fault()
    {
        await using var silo = await Silo.Start();
        var thrown = Assert.Throws<NotSupportedException>(() => silo.Grains.CreateObjectReference<IUnfit>(new Unfit()));
        Assert.Contains(nameof(IUnfit), thrown.Message, StringComparison.Ordinal);
        Assert.Contains($"Int32[] {MayChange}", thrown.Message, StringComparison.Ordinal);
        Assert.Contains($"List<String> {MayChange}", thrown.Message, StringComparison.Ordinal);
    }

    internal interface IUnfit : IGrainObserver
    {
        Task<int[]> Give(List<string> taken);
    }

    private sealed class Unfit : IUnfit
    {
        public Task<int[]> Give(List<string> taken) => Task.FromResult(new int[taken.Count]);
    }

    private sealed record Unmarked(int Value);

    [GenerateSerializer]
    private sealed record Unnamed([property: Id(0)] int Value);

    [GenerateSerializer, Alias("test.settable")]
    private sealed record Settable
    {
        [Id(0)]
        public int Value { get; set; }
    }

    [GenerateSerializer, Alias("test.unnumbered")]
    private sealed class Unnumbered(int value)
    {
        private readonly int _value = value;

        public override string ToString() => $"{_value}";
    }

#pragma warning disable CA1852 // It is there to be refused for not being sealed.
    [GenerateSerializer, Alias("test.derivable")]
    private class Derivable;
#pragma warning restore CA1852

    [GenerateSerializer, Alias("test.outer")]
    private sealed record Outer([property: Id(0)] Inner? Inner);

    [GenerateSerializer, Alias("test.inner")]
    private sealed record Inner([property: Id(0)] Stack<string> Value);

    [GenerateSerializer, Alias("test.closed")]
    private abstract record Closed
    {
        private Closed() { }

        [GenerateSerializer, Alias("test.closed.first")]
        public sealed record First([property: Id(0)] int Value) : Closed;

        [GenerateSerializer]
        public sealed record Second : Closed;
    }

    [GenerateSerializer, Alias("test.cached")]
    private sealed record Cached([property: Id(0)] string Text)
    {
        [NonSerialized]
        private int _hash;

        public int Hash => _hash == 0 ? _hash = Text.Length : _hash;
    }

    [GenerateSerializer, Alias("test.wrapped")]
    private readonly struct Wrapped<T>(T value)
    {
        [Id(0)]
        public readonly T Value = value;
    }

    [GenerateSerializer, Alias("test.tree")]
    private sealed record Tree([property: Id(0)] ImmutableArray<Tree> Branches);
}
