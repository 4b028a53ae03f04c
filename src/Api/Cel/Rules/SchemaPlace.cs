namespace OrleansLb.Api.Cel.Rules;

/// <summary>A place in a schema; and from where on values cannot be told to be the ones that were there before, if that is so.</summary>
internal sealed record SchemaPlace(string Path, string? Uncorrelatable)
{
    public static SchemaPlace Root { get; } = new("", null);

    public SchemaPlace Child(string name) => this with { Path = RulePath.Field(Path, name) };

    public SchemaPlace BeyondComparison() => this with { Uncorrelatable = Uncorrelatable ?? Path };
}
