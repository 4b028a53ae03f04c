using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OrleansLb.Kubernetes.Client.Transport;

/// <summary>Logs each text that the server warns of (<c>Warning: 299</c> headers, such as a deprecated version in use) once.</summary>
internal sealed class ServerWarnings(ILogger logger)
{
    /// <summary>A server that makes up a new text for every answer must not fill the memory.</summary>
    private const int MaxTexts = 1000;

    private readonly ConcurrentDictionary<string, bool> _seen = new(StringComparer.Ordinal);

    public void Read(HttpResponseMessage response)
    {
        if (!response.Headers.NonValidated.Contains("Warning")) return;
        foreach (var warning in response.Headers.Warning)
        {
            var text = Unquoted(warning.Text).Replace("\\\"", "\"", StringComparison.Ordinal);
            if (warning.Code == 299 && _seen.Count < MaxTexts && _seen.TryAdd(text, true)) logger.ServerWarned(text);
        }
    }

    private static string Unquoted(string text) => text is ['"', .. var inner, '"'] ? inner : text;
}
