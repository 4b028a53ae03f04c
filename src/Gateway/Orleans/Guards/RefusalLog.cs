using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;

namespace OrleansLb.Gateway;

/// <summary>Says who was turned away and why. One that tries again many times a second, as a silo that wants to join does, is told of once a minute.</summary>
internal sealed class RefusalLog(TimeProvider time, ILogger log)
{
    private const int Most = 256;
    private static readonly TimeSpan Repeat = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Machine, string Why), long> _said = new();

    /// <param name="peer">Its port is another with each try.</param>
    public void Refused(EndPoint? peer, string why)
    {
        if (_said.Count >= Most) _said.Clear();
        if (IsNews(((peer as IPEndPoint)?.Address.ToString() ?? $"{peer}", why))) log.StrangerRefused($"{peer}", why);
    }

    private bool IsNews((string Machine, string Why) refusal)
    {
        var now = time.GetTimestamp();
        return _said.TryGetValue(refusal, out var at)
            ? time.GetElapsedTime(at, now) >= Repeat && _said.TryUpdate(refusal, now, at)
            : _said.TryAdd(refusal, now);
    }
}
