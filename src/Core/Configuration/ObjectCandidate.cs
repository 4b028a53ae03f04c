namespace OrleansLb.Core.Configuration;

/// <summary>Which object is meant, whatever version of its API it was read in.</summary>
internal readonly record struct ObjectKey(string Group, string Kind, string Namespace, string Name) : IComparable<ObjectKey>
{
    public static ObjectKey Of(ObjectReference source) =>
        new(source.ApiVersion.IndexOf('/') is >= 0 and var slash ? source.ApiVersion[..slash] : "", source.Kind, source.Namespace, source.Name);

    public int CompareTo(ObjectKey other)
    {
        var order = string.CompareOrdinal(Namespace, other.Namespace);
        if (order == 0) order = string.CompareOrdinal(Name, other.Name);
        if (order == 0) order = string.CompareOrdinal(Kind, other.Kind);
        return order == 0 ? string.CompareOrdinal(Group, other.Group) : order;
    }
}

/// <summary>An object that wants to be live.</summary>
/// <param name="Declared">What it declares now; empty when it cannot be read.</param>
/// <param name="Live">What it declared when it was last accepted; empty when it never was.</param>
internal sealed record ObjectCandidate(ObjectKey Key, EquatableList<Declaration> Declared, EquatableList<Declaration> Live)
{
    public bool IsUnchanged => Live.Count > 0 && Declared.Select(WithoutOrigin).SequenceEqual(Live.Select(WithoutOrigin));

    /// <summary>Of a new pool and a new advertisement that do not fit, the pool is of more use by itself.</summary>
    public bool HasPools => Declared.Any(declaration => declaration is AddressPool);

    public DateTimeOffset Created => (Declared.Count > 0 ? Declared : Live).Select(declaration => declaration.Created).DefaultIfEmpty().Min();

    /// <summary>Being read from another file, or recreated, or edited without effect, is no change of what is declared.</summary>
    private static Declaration WithoutOrigin(Declaration declaration) =>
        declaration with { Source = declaration.Source with { Uid = "", File = null, Generation = 0 }, Created = default };
}
