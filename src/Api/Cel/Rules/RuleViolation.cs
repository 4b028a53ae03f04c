namespace OrleansLb.Api.Cel.Rules;

/// <summary>A rule of a schema that a value breaks, worded as the Kubernetes API words it: where, which kind of fault, and what to say.</summary>
public sealed record RuleViolation(string FieldPath, string Reason, string Message);

/// <summary>A rule of a schema that cannot be used: where in the schema it stands, and why.</summary>
public sealed record RuleFault(string SchemaPath, string Message);
