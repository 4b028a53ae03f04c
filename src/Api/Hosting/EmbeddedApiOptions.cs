using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Hosting;

/// <summary>How an embedded API is run.</summary>
public sealed record EmbeddedApiOptions
{
    /// <summary>Where it listens; port 0 takes a free one.</summary>
    public IPEndPoint Endpoint { get; init; } = new(IPAddress.Loopback, 0);

    /// <summary>Where objects are kept; null keeps them in memory only.</summary>
    public string? DataDirectory { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How many changes of each resource watchers may be behind.</summary>
    public int HistorySize { get; init; } = 16 * 1024;

    /// <summary>Told of requests that failed for no fault of the client.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    public AddressPlan Addresses { get; init; } = new();
}
