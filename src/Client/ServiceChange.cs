using OrleansLb.Core;

namespace OrleansLb.Client;

/// <summary>A Service as it is now; <paramref name="State"/> is null when it is served no longer.</summary>
public sealed record ServiceChange(ServiceName Service, ServiceState? State);
