namespace OrleansLb.Api.OpenApi;

/// <summary>The OpenAPI document of one group version, with a hash that changes when it does.</summary>
internal sealed record OpenApiDocument(ReadOnlyMemory<byte> Json, string Hash);
