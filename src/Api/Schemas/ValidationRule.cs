namespace OrleansLb.Api.Schemas;

/// <summary>One <c>x-kubernetes-validations</c> entry: a CEL expression that must hold, and what to say if it does not.</summary>
public sealed record ValidationRule(string Expression)
{
    public string Message { get; init; } = "";
    public string MessageExpression { get; init; } = "";
    public string Reason { get; init; } = "FieldValueInvalid";
    public string FieldPath { get; init; } = "";
    public bool OptionalOldSelf { get; init; }
}
