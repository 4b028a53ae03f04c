using System.Text.RegularExpressions;
using OrleansLb.Api.Cel.Functions;

namespace OrleansLb.Api.Schemas;

/// <summary>A <c>pattern</c> of a schema: RE2 as the Kubernetes API reads it, on an engine that cannot be made to backtrack.</summary>
public sealed class SchemaPattern
{
    private readonly string _text;
    private readonly Regex _regex;

    /// <exception cref="ArgumentException">The text is not a regular expression of RE2.</exception>
    public SchemaPattern(string text)
    {
        _text = text;
        _regex = Re2Pattern.Compile(text) ?? throw new ArgumentException($"\"{text}\" is not a regular expression (RE2 syntax)", nameof(text));
    }

    public bool Matches(string text) => _regex.IsMatch(text);

    public override string ToString() => _text;
}
