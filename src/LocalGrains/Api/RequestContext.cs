using System.Collections.Immutable;

namespace Orleans.Runtime;

/// <summary>Values that travel with a call and with the calls it makes in turn, but not back.</summary>
public static class RequestContext
{
    private static readonly AsyncLocal<ImmutableDictionary<string, object>?> Flowing = new();

    /// <summary>The names of the values.</summary>
    public static IEnumerable<string> Keys => Values?.Keys ?? [];

    /// <summary>The values by name.</summary>
    public static IEnumerable<KeyValuePair<string, object>> Entries => Values ?? ImmutableDictionary<string, object>.Empty;

    internal static ImmutableDictionary<string, object>? Values
    {
        get => Flowing.Value;
        set => Flowing.Value = value;
    }

    /// <summary>The value of that name, or null.</summary>
    public static object? Get(string key) => Values?.GetValueOrDefault(key);

    /// <summary>Sets a value for the calls made from here on.</summary>
    public static void Set(string key, object value) => Values = (Values ?? ImmutableDictionary<string, object>.Empty).SetItem(key, value);

    /// <summary>Removes a value; false if there was none.</summary>
    public static bool Remove(string key)
    {
        if (Values is not { } values || !values.ContainsKey(key)) return false;
        Values = values.Count == 1 ? null : values.Remove(key);
        return true;
    }

    /// <summary>Removes all values.</summary>
    public static void Clear()
    {
        if (Values is not null) Values = null;
    }
}
