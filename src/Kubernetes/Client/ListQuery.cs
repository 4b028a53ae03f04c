using System.Globalization;
using System.Text;

namespace OrleansLb.Kubernetes.Client;

/// <summary>Which objects to list or watch.</summary>
public sealed record ListQuery
{
    /// <summary>Null means every namespace.</summary>
    public string? Namespace { get; init; }

    public string? LabelSelector { get; init; }

    public string? FieldSelector { get; init; }

    /// <summary>Null reads the newest state; "0" takes what the server has at hand.</summary>
    public string? ResourceVersion { get; init; }

    public string? ResourceVersionMatch { get; init; }

    public int? Limit { get; init; }

    public string? Continue { get; init; }

    internal bool Watch { get; init; }

    internal bool SendInitialEvents { get; init; }

    internal int? TimeoutSeconds { get; init; }

    internal string ToQueryString()
    {
        var query = new StringBuilder();
        Add(query, "watch", Watch ? "true" : null);
        Add(query, "allowWatchBookmarks", Watch ? "true" : null);
        Add(query, "sendInitialEvents", SendInitialEvents ? "true" : null);
        Add(query, "resourceVersionMatch", ResourceVersionMatch);
        Add(query, "resourceVersion", ResourceVersion);
        Add(query, "labelSelector", LabelSelector);
        Add(query, "fieldSelector", FieldSelector);
        Add(query, "limit", Limit?.ToString(CultureInfo.InvariantCulture));
        Add(query, "continue", Continue);
        Add(query, "timeoutSeconds", TimeoutSeconds?.ToString(CultureInfo.InvariantCulture));
        return query.ToString();
    }

    private static void Add(StringBuilder query, string name, string? value)
    {
        if (value is not null) query.Append(query.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
    }
}
