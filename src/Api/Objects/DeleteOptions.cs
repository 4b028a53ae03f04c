using System.Text.Json.Nodes;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.Objects;

/// <summary>What becomes of the objects that belong to a deleted one.</summary>
public enum Propagation
{
    Background,
    Foreground,
    Orphan,
}

/// <summary>How a deletion was asked for.</summary>
public sealed record DeleteOptions
{
    public Propagation Propagation { get; init; }
    public string? Uid { get; init; }
    public string? ResourceVersion { get; init; }
    public bool DryRun { get; init; }

    public static DeleteOptions From(JsonObject? body, string? queryPropagation) => new()
    {
        Propagation = Enum.TryParse<Propagation>(body.Text("propagationPolicy") ?? queryPropagation, out var policy) ? policy
            : body.Flag("orphanDependents") == true ? Propagation.Orphan : Propagation.Background,
        Uid = body.Object("preconditions").Text("uid"),
        ResourceVersion = body.Object("preconditions").Text("resourceVersion"),
        DryRun = body.Texts("dryRun").Contains("All"),
    };
}
