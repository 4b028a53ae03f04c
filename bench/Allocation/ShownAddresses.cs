using System.Text.Json;

namespace OrleansLb.Bench.Allocation;

/// <summary>Watches Services as any client does, and counts those that have come to show an address.</summary>
internal sealed class ShownAddresses(Uri api) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly HttpClient _client = new() { BaseAddress = api, Timeout = Timeout.InfiniteTimeSpan };
    private StreamReader? _events;

    public async Task Begin()
    {
        using var list = JsonDocument.Parse(await _client.GetStringAsync(new Uri("/api/v1/services?limit=1", UriKind.Relative)));
        var version = list.RootElement.GetProperty("metadata").GetProperty("resourceVersion").GetString();
        _events = new(await _client.GetStreamAsync(new Uri($"/api/v1/services?watch=1&resourceVersion={version}", UriKind.Relative)));
    }

    /// <summary>Done when so many Services that did not before show an address.</summary>
    public async Task Count(int count)
    {
        using var late = new CancellationTokenSource(Patience);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            while (seen.Count < count && await _events!.ReadLineAsync(late.Token) is { } line)
            {
                if (line.Contains("\"ingress\":[{\"ip\"", StringComparison.Ordinal)) seen.Add(NameIn(line));
            }
        }
        catch (OperationCanceledException)
        {
            throw new BenchException($"Only {seen.Count} of {count} services show an address after {Patience.TotalMinutes:0} min.");
        }
        if (seen.Count < count) throw new BenchException($"The watch ended when {seen.Count} of {count} services showed an address.");
    }

    public void Dispose()
    {
        _events?.Dispose();
        _client.Dispose();
    }

    private static string NameIn(string line)
    {
        using var change = JsonDocument.Parse(line);
        return change.RootElement.GetProperty("object").GetProperty("metadata").GetProperty("name").GetString()!;
    }
}
