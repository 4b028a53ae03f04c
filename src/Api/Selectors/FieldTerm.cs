namespace OrleansLb.Api.Selectors;

/// <summary>One comparison of a field selector.</summary>
public readonly record struct FieldTerm(string Path, string Value, bool Negated);
