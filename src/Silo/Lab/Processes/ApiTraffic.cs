using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using OrleansLb.Api.Rest;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>What the nodes ask of an API that is served to them: how often they write, and which watches they hold open.</summary>
internal sealed class ApiTraffic(TimeProvider time)
{
    /// <summary>How the processes of the service call themselves; whoever else uses the API is not counted.</summary>
    private const string OurAgent = "orleanslb/";

    private readonly ConcurrentDictionary<string, long> _writes = new(StringComparer.Ordinal);
    private ImmutableList<OpenWatch> _watches = [];

    /// <summary>How many writes there were of each resource, by its plural name and subresource.</summary>
    public IReadOnlyDictionary<string, long> Writes => _writes.ToDictionary();

    /// <summary>The watches that are open, in the order in which they were opened.</summary>
    public IReadOnlyList<OpenWatch> Watches => Volatile.Read(ref _watches);

    /// <summary>Stands before the API and takes note of a request.</summary>
    public async Task Pass(HttpContext http, RequestDelegate next)
    {
        if (!http.Request.Headers[HeaderNames.UserAgent].ToString().StartsWith(OurAgent, StringComparison.Ordinal)
            || ApiPath.Parse(http.Request.Path) is not { Plural.Length: > 0 } path)
        {
            await next(http);
            return;
        }
        var resource = path.Subresource.Length == 0 ? path.Plural : $"{path.Plural}/{path.Subresource}";
        if (HttpMethods.IsGet(http.Request.Method)) await Read(http, next, resource);
        else await Write(http, next, resource);
    }

    /// <summary>Asking for one's own rights changes nothing.</summary>
    private Task Write(HttpContext http, RequestDelegate next, string resource)
    {
        if (resource != "selfsubjectaccessreviews") _writes.AddOrUpdate(resource, 1, static (_, count) => count + 1);
        return next(http);
    }

    private async Task Read(HttpContext http, RequestDelegate next, string resource)
    {
        if (http.Request.Query["watch"].ToString() is not ("1" or "true"))
        {
            await next(http);
            return;
        }
        var watch = new OpenWatch(resource, http.Connection.RemoteIpAddress?.ToString() ?? "", time.GetTimestamp());
        ImmutableInterlocked.Update(ref _watches, static (watches, opened) => watches.Add(opened), watch);
        try
        {
            await next(http);
        }
        finally
        {
            ImmutableInterlocked.Update(ref _watches, static (watches, closed) => watches.RemoveAll(open => ReferenceEquals(open, closed)), watch);
        }
    }
}

/// <summary>A watch that is open.</summary>
/// <param name="Client">The address of whoever watches.</param>
/// <param name="Since">When it was opened, by <see cref="TimeProvider.GetTimestamp"/>.</param>
internal sealed record OpenWatch(string Resource, string Client, long Since);
