namespace OrleansLb.Api.Cel.Values;

/// <summary>Gathers the entries of a map, and says what stands against one.</summary>
internal sealed class MapBuilder
{
    private readonly OrderedDictionary<MapKey, KeyValuePair<CelValue, CelValue>> _entries = [];

    /// <summary>Adds an entry; or the error that it makes of the whole map.</summary>
    public CelError? Add(CelValue key, CelValue value)
    {
        if ((key as CelError ?? value as CelError) is { } error) return error;
        if (key is CelDouble || MapKey.Of(key) is not { } known) return new($"unsupported key type: {key.Kind.Name()}");
        return _entries.TryAdd(known, new(key, value)) ? null : new($"Failed with repeated key {CelText.Write(key)}");
    }

    public ValueMap Build() => new(_entries);
}
