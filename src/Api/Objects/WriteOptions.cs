namespace OrleansLb.Api.Objects;

/// <summary>What to do about fields that the schema does not know.</summary>
public enum FieldValidation
{
    Ignore,
    Warn,
    Strict,
}

/// <summary>How a write was asked for.</summary>
public sealed record WriteOptions
{
    public FieldValidation FieldValidation { get; init; } = FieldValidation.Warn;

    /// <summary>Who writes, for the record of field ownership.</summary>
    public string FieldManager { get; init; } = "unknown";

    /// <summary>Faults already found in the request body (repeated keys), to be judged as unknown fields are.</summary>
    public IReadOnlyList<string> BodyFaults { get; init; } = [];

    public bool DryRun { get; init; }
}
