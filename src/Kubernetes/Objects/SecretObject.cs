using System.Text.Json.Serialization;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Objects;

/// <summary>A v1 Secret, of which only a password is read.</summary>
public sealed record SecretObject : IApiObject
{
    public ObjectMeta Metadata { get; init; } = new();

    public string? Type { get; init; }

    public SecretData? Data { get; init; }
}

public sealed record SecretData
{
    /// <summary>Base64, as the API sends it.</summary>
    [JsonPropertyName("password")]
    public string? Password { get; init; }
}
